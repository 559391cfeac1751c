import { spawn } from "node:child_process";
import { expect, test } from "vitest";

const built = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);

/** A script as a user of the package writes it, who destroys nothing. */
const script = (options: string, then: string) => `
  const { bytesSource, chooseSeries, listSeries, loadVolume, openEngine } = await import(${built("node/index.js")});
  const { chestPhantom, phantomSeries } = await import(${built("phantom/index.js")});
  const { gaussian } = await import(${built("ops/index.js")});
  const phantom = chestPhantom({ size: [256, 256, 24] });
  const files = [...phantomSeries(phantom)].map(({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(files, { allow: ["gaps"] })).series);
  const engine = await openEngine(${options});
  ${then}
`;

function run(text: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", text]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const COMPUTE = `
  const volume = await loadVolume(engine, series);
  const smooth = await gaussian(volume, { sigmaMm: 2 });
  console.log("voxels", (await smooth.read()).length, engine.capabilities.processor);
`;

test.each([
  ["cpu", `{ device: "cpu", threads: 3, workers: 2 }`],
  ["gpu", `{ software: "only", workers: 2 }`],
])(
  "a script that computes on the %s and destroys nothing ends by itself, with all its output",
  async (processor, options) => {
    const { code, stdout, stderr } = await run(script(options, COMPUTE));
    expect(stderr).toBe("");
    expect(stdout).toBe(`voxels ${256 * 256 * 24} ${processor}\n`);
    expect(code).toBe(0);
  },
);

test("frames that are still decoded keep it going until they are there", async () => {
  const then = `loadVolume(engine, series).then((volume) => console.log("loaded", volume.grid.size[2]));`;
  expect(await run(script(`{ device: "cpu", workers: 2 }`, then))).toEqual({
    code: 0,
    stdout: "loaded 24\n",
    stderr: "",
  });
});

test("a worker that is refused its script does not keep it going either", async () => {
  const then = `await loadVolume(engine, series).catch((error) => console.log(error.name));`;
  const nowhere = `{ device: "cpu", workers: 1, workerUrl: new URL("file:///nowhere/worker.js") }`;
  expect(await run(script(nowhere, then))).toMatchObject({ code: 0, stdout: "HounsfieldError\n" });
});
