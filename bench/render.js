// Rendering against what draws CT in browsers today: headless Chromium, WebGPU and WebGL on SwiftShader
// alike, a fresh browser a run, runs interleaved.
//
//   node bench/render.js [--study DIR] [--runs 3] [--frames 3] [--only hounsfield,vtkjs] [--modes mip,bone,soft,lit] [--quality] [--json FILE]
//
// First `npm ci` in bench/peers; who is not installed there is left out. Linux (it reads /proc). Pictures go
// to out/bench-render/pictures: look at them. All take the step of hounsfield's full quality, but NiiVue,
// which has its own (niivue/main.js). The order of runs turns, so that nobody is always first. --quality
// draws each mode once more in the first round, at a quarter of the step, and tells how far the picture was
// from it: four times a frame's cost.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { buildContestant, contestants, isInstalled, modesOf, versionsOf } from "./render/contestants.js";
import { measure } from "./render/measure.js";
import { report } from "./render/report.js";
import { modes as allModes, isMode } from "./render/scene.js";
import { serve } from "./render/server.js";
import { sortedSlices } from "./render/sorted_slices.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values: options } = parseArgs({
  options: {
    study: { type: "string", default: join(root, "../shared/data/covid-ct-md/COVID-19 subjects/P001") },
    runs: { type: "string", default: "3" },
    frames: { type: "string", default: "3" },
    only: { type: "string", default: Object.keys(contestants).join() },
    modes: { type: "string", default: Object.keys(allModes).join() },
    quality: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const names = options.only.split(",").filter((name) => {
  if (!contestants[name])
    throw new Error(`--only: got ${name}, accepted ${Object.keys(contestants).join(", ")}`);
  if (isInstalled(name)) return true;
  console.log(`${name} is not measured: it is not installed (npm ci in bench/peers)`);
  return false;
});
const chosenModes = options.modes.split(",").map((mode) => {
  if (!isMode(mode)) throw new Error(`--modes: got ${mode}, accepted ${Object.keys(allModes).join(", ")}`);
  return mode;
});
const pictures = join(root, "out/bench-render/pictures");
mkdirSync(pictures, { recursive: true });
for (const name of names)
  for (const mode of Object.keys(allModes))
    for (const kind of [mode, `${mode}-fine`]) rmSync(join(pictures, `${name}-${kind}.png`), { force: true });
/** @type {{ module: typeof import("../test/support/chromium.js") }} */
const { module: chromium } = await runnerImport(join(root, "test/support/chromium.ts"));
/** @type {Record<string, Awaited<ReturnType<typeof serve>>>} */
const servers = {};
for (const name of names) {
  const folders = {
    "/": await buildContestant(name),
    "/study/": options.study,
    ...contestants[name].folders,
  };
  servers[name] = await serve(folders);
}
const { names: slices, spacingMm } = sortedSlices(options.study);
/** @type {{ module: typeof import("../src/render/rays/rays.js") }} */
const { module: rays } = await runnerImport(join(root, "src/render/rays/rays.ts"));
const stepMm = rays.restStepMm({
  size: [512, 512, slices.length],
  spacingMm,
  originMm: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
/** @type {Record<string, import("./render/measure.js").Run[]>} */
const runs = Object.fromEntries(names.map((name) => [name, []]));
const loads = [];
for (let round = 0; round < Number(options.runs); round++) {
  for (const [i] of names.entries()) {
    const name = names[(i + round) % names.length];
    loads.push(loadavg()[0]);
    console.error(`round ${round + 1}, ${name}, load average ${loadavg()[0].toFixed(1)}`);
    const { url } = servers[name];
    const run = await measure(chromium.launchChromium, {
      page: `${url}/`,
      urls: slices.map((slice) => `${url}/study/${encodeURIComponent(slice)}`),
      modes: modesOf(name, chosenModes),
      frames: Number(options.frames),
      stepMm,
      quality: options.quality && round === 0,
      picture: (mode, png) => writeFileSync(join(pictures, `${name}-${mode}.png`), png),
    });
    runs[name].push(run);
    for (const problem of new Set(run.problems)) console.error(`  page said: ${problem.slice(0, 300)}`);
  }
}
await Promise.all(Object.values(servers).map((server) => server.close()));
const machine = { cpu: cpus()[0].model, cores: cpus().length, loads };
const result = { machine, stepMm, versions: names.map(versionsOf), runs };
report(result, pictures);
if (options.json) writeFileSync(options.json, JSON.stringify(result, null, 2));
