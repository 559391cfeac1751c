// The stages of preprocessing one by one, on the CPU engine, against ITK and scipy: CPU seconds of an
// operation on a volume that is in memory already.
//
//   node bench/preprocess_stages.js STUDY [--threads 1] [--repeats 5] [--itk FILE] [--python FILE] [--json FILE]
//
// Ours: the least of the repeats in one process, after one that warms up; results stay on the engine, those
// that are written (window) go slab by slab through one piece of memory. Peers: the least of 1 to 3 repeats,
// by the programs of bench/peers, in the same run. Ratios are peer / ours.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chooseSeries, folderSources, listSeries, loadVolume, lungMask, openEngine } from "hounsfield";
import { projectMaxima, resample, windowSlabs } from "hounsfield/ops";
import { stopwatch } from "./timing.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "1" },
    repeats: { type: "string", default: "5" },
    itk: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
    json: { type: "string" },
  },
});
const [study] = positionals;
if (!study) {
  console.error(
    "node bench/preprocess_stages.js STUDY [--threads 1] [--repeats 5] [--itk FILE] [--python FILE]",
  );
  process.exit(2);
}

const engine = await openEngine({ device: "cpu", threads: Number(values.threads) });
const { series } = await listSeries(await folderSources(study));
const volume = await loadVolume(engine, chooseSeries(series));
const { grid } = volume;

/** @param {(axis: 0 | 1 | 2) => number} of @returns {import("hounsfield").Vec3} */
function vec3(of) {
  return [of(0), of(1), of(2)];
}

/**
 * 20 degrees about the head-foot axis, through the middle.
 * @returns {import("hounsfield").Grid}
 */
function turnedGrid() {
  const spacing = 1;
  const size = vec3((axis) => Math.floor((grid.size[axis] - 1) * grid.spacingMm[axis] + 1e-6) + 1);
  const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
  const direction = [cos, sin, 0, -sin, cos, 0, 0, 0, 1];
  const middle = grid.size.map((n, axis) => grid.originMm[axis] + ((n - 1) / 2) * grid.spacingMm[axis]);
  const half = size.map((n) => ((n - 1) / 2) * spacing);
  const originMm = vec3(
    (i) => middle[i] - half[0] * direction[i] - half[1] * direction[3 + i] - half[2] * direction[6 + i],
  );
  return { size, spacingMm: [spacing, spacing, spacing], originMm, direction };
}

const stages = {
  linear: () => resample(volume, { spacingMm: 1, kernel: "linear", antialias: false }),
  "b-spline": () => resample(volume, { spacingMm: 1, kernel: "b-spline", antialias: false }),
  window: async () => {
    for await (const _ of windowSlabs(volume, { lowHu: -1000, highHu: 400, reuse: {} }));
  },
  lungs: () => lungMask(volume, { method: "threshold" }),
  "refined lungs": () => lungMask(volume),
  projections: async () => void (await projectMaxima(volume)),
  shrink: () => resample(volume, { spacingMm: 2, kernel: "linear", antialias: true }),
  oblique: () => resample(volume, { onto: turnedGrid(), kernel: "linear", antialias: false }),
};

/** @param {() => Promise<{ destroy(): void } | void>} work */
async function least(work) {
  let best = { cpu: Number.POSITIVE_INFINITY, wall: Number.POSITIVE_INFINITY };
  for (let i = 0; i <= Number(values.repeats); i++) {
    const stop = stopwatch();
    const result = await work();
    const { cpu, wall } = stop();
    result?.destroy();
    if (i > 0) best = { cpu: Math.min(best.cpu, cpu), wall: Math.min(best.wall, wall) };
  }
  return best;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Record<string, number>} seconds by stage
 */
function peer(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? JSON.parse(stdout) : {};
}

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const itk = values.itk ? peer(values.itk, ["stages", study]) : {};
const python = peer(values.python, [here("peers/preprocess.py"), "stages", study]);
// The refined recipe in Python, as measured for the project's reference notes: the recipe itself is not kept
// here.
/** @type {Record<string, object>} */
const result = {};
console.log(
  `\n${engine.adapter.name}; ${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`,
);
console.log(`\n| stage | ours CPU ms | wall ms | ITK ms | ITK / ours | scipy ms | scipy / ours |`);
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const [name, work] of Object.entries(stages)) {
  const ours = await least(work);
  result[name] = { ours, itk: itk[name], python: python[name] };
  const columns = [itk[name], python[name]].flatMap((seconds) =>
    seconds ? [(seconds * 1000).toFixed(0), `${((seconds * 1000) / ours.cpu).toFixed(1)}x`] : ["", ""],
  );
  console.log(`| ${name} | ${ours.cpu.toFixed(1)} | ${ours.wall.toFixed(1)} | ${columns.join(" | ")} |`);
}
if (values.json) {
  mkdirSync(join(values.json, ".."), { recursive: true });
  writeFileSync(values.json, JSON.stringify({ study, adapter: engine.adapter, result }, null, 2));
}
engine.destroy();
process.exit(0);
