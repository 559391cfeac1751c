// Every operation on one volume: time, throughput, and how near that is to what the memory can do.
//
//   npm run bench:ops -- [STUDY] [--size 512,512,148] [--cubes 1] [--device cpu|gpu] [--software] [--threads 1] [--repeats 3] [--only REGEXP] [--json FILE]
//
// The volume is the first CT series of STUDY, or the generated chest of `--size`; it is resampled to cubes of
// `--cubes` mm. One device a run: a GPU, SwiftShader (`--device gpu --software`) and the CPU engine never
// share a table. Times are from the call until its result is on the engine, or with the caller where it gives
// slabs or numbers: the least of the repeats, after one that warms up; wall time, but on one thread of the
// CPU engine, and on SwiftShader, CPU time of all threads, which others on the machine change less. "moved"
// is the source once and the result once, the least that any program can move; "of copy" is that over the
// time, as a share of what a plain copy of the volume reaches (reading and writing counted): a buffer copy on
// a GPU, a copy by one thread for the CPU engine, the best of those made around every measurement. "peak" is
// what the engine's ledger held at most beside the sources, the result included.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { bytesSource, folderSources, listSeries, openEngine } from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";
import { operations } from "./ops_list.js";
import { clockOf, createCopier, measure, prepareInputs } from "./ops_measure.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "512,512,148" },
    cubes: { type: "string", default: "1" },
    device: { type: "string", default: "cpu" },
    software: { type: "boolean", default: false },
    threads: { type: "string", default: "1" },
    repeats: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    json: { type: "string" },
  },
});
const [study] = positionals;
const size = /** @type {[number, number, number]} */ (values.size.split(",").map(Number));
const [threads, repeats] = [Number(values.threads), Number(values.repeats)];
const cubesMm = Number(values.cubes);
const wholes = [...size, threads, repeats];
if (
  size.length !== 3 ||
  !wholes.every((n) => n >= 1 && Number.isInteger(n)) ||
  !(cubesMm > 0) ||
  !isDevice(values.device)
) {
  console.error(
    "--size X,Y,Z, --threads and --repeats are whole numbers of 1 and more; --cubes is above 0; --device is cpu or gpu",
  );
  process.exit(2);
}
const only = new RegExp(values.only, "i");

/** Sources of the generated chest, uncompressed: decoding is measured elsewhere. */
function phantomSources() {
  const files = phantomSeries(chestPhantom({ size }), { transferSyntax: "1.2.840.10008.1.2.1" });
  return [...files].map(({ name, bytes }) => bytesSource(name, bytes));
}

/** @param {number} percent */
function shareText(percent) {
  return percent < 0.05 ? "< 0.1 %" : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** @param {string} name @returns {name is "cpu" | "gpu"} */
function isDevice(name) {
  return name === "cpu" || name === "gpu";
}

const engine = await openEngine({
  device: values.device,
  software: values.software ? "only" : "never",
  threads,
});
const { series } = await listSeries(study ? await folderSources(study) : phantomSources());
const inputs = await prepareInputs(engine, series, cubesMm);
const copier = createCopier(engine, inputs.volume);

const { adapter, capabilities } = engine;
const place =
  capabilities.processor === "cpu"
    ? `${capabilities.threads} thread(s)`
    : adapter.software
      ? "software"
      : "GPU";
const { size: voxels, spacingMm } = inputs.volume.grid;
console.log(
  `Adapter: ${[adapter.vendor, adapter.architecture, adapter.name].filter(Boolean).join(" ")} (${place})`,
);
console.log(
  `Machine: ${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} at the start`,
);
console.log(
  `Volume: ${study ? "first series of the study" : "generated chest"}, ${voxels.join(" x ")}, ${spacingMm.map((mm) => mm.toFixed(2)).join(" x ")} mm; cubes of ${cubesMm} mm\n`,
);

const rows = [];
for (const operation of operations.filter(({ group, name }) => only.test(`${group}: ${name}`))) {
  process.stderr.write(`${operation.group}: ${operation.name}\n`);
  rows.push(await measure(engine, inputs, operation, { repeats, copier }));
}
const clock = clockOf(engine);
const copyGBs = copier.best() / 1e9;

console.log(
  `| operation | ${clock === "cpu" ? "CPU" : "wall"} ms | Mvoxel/s | moved MB | of copy | passes | peak MB |`,
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
let group = "";
for (const row of rows) {
  if (row.group !== group) console.log(`| **${row.group}** | | | | | | |`);
  group = row.group;
  const rate = row.voxels / row.ms / 1000;
  const columns = [
    row.ms < 10 ? row.ms.toFixed(2) : row.ms.toFixed(0),
    rate < 10 ? rate.toFixed(2) : rate.toFixed(0),
  ];
  columns.push(
    ...(row.bytes ? [(row.bytes / 1e6).toFixed(1), shareText(row.bytes / row.ms / 1e4 / copyGBs)] : ["", ""]),
    String(row.passes),
    (row.peakBytes / 1e6).toFixed(1),
  );
  console.log(`| ${row.name} | ${columns.join(" | ")} |`);
}
console.log(
  `\nCopy: ${copyGBs.toFixed(2)} GB/s, reading and writing counted; load ${loadavg()[0].toFixed(1)} at the end.`,
);

if (values.json) {
  mkdirSync(dirname(values.json), { recursive: true });
  const report = {
    adapter,
    capabilities,
    cpu: cpus()[0].model,
    study,
    grid: inputs.volume.grid,
    cubesMm,
    repeats,
    copyGBs,
    rows,
  };
  writeFileSync(values.json, JSON.stringify(report, null, 2));
}
inputs.destroy();
engine.destroy();
process.exit(0);
