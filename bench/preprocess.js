// `hounsfield preprocess` against what people run today, whole processes: from DICOM files to .npy files on
// disk.
//
//   node bench/preprocess.js STUDY [--runs 3] [--itk FILE] [--python FILE] [--json FILE]
//
// Contestants: our command on the CPU engine, with one thread and with all; ITK (bench/peers/itk_preprocess,
// built with cmake; --itk names the program); Python with pydicom, GDCM and scipy (bench/peers/preprocess.py;
// --python names an interpreter that has them). Rounds are interleaved; each figure is the median, in
// brackets the least. Every output is a new file, so its pages are new to the page cache, for all
// contestants; inputs are cached after the first, unmeasured, round.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure, median } from "./whole_process.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "3" },
    itk: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
    json: { type: "string" },
  },
});
const [study] = positionals;
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
if (!study) {
  console.error("node bench/preprocess.js STUDY [--runs 3] [--itk FILE] [--python FILE] [--json FILE]");
  process.exit(2);
}

/** @typedef {"windowed" | "all"} Job */
/** @typedef {readonly [program: string, args: readonly string[]]} Command */

/** @type {Readonly<Record<Job, { readonly text: string, readonly args: readonly string[] }>>} */
const jobs = {
  windowed: { text: "1 mm, float32 0..1", args: [] },
  all: { text: "1 mm, float32 0..1, plain lung mask, three MIPs", args: ["--lungs", "threshold", "--mip"] },
};

/** @type {(threads: number, extra?: readonly string[]) => (job: Job, out: string) => Command} */
const ours =
  (threads, extra = []) =>
  (job, out) => [
    process.execPath,
    [
      here("../bin/hounsfield.js"),
      "preprocess",
      study,
      "--out",
      out,
      "--device",
      "cpu",
      "--threads",
      String(threads),
    ].concat(["--spacing", "1", "--window", "-1000:400", "--only", ...jobs[job].args, ...extra]),
  ];

/** @type {Record<string, (job: Job, out: string) => Command>} */
const contestants = {
  "hounsfield, 1 thread": ours(1),
  "hounsfield, 1 thread, no hashes": ours(1, ["--no-hashes"]),
};
if (availableParallelism() > 1)
  contestants[`hounsfield, ${availableParallelism()} threads`] = ours(availableParallelism());
const { itk: itkProgram } = values;
if (itkProgram && existsSync(itkProgram)) contestants.ITK = (job, out) => [itkProgram, [job, study, out]];
else
  console.log(
    "ITK is not measured: build bench/peers/itk_preprocess with cmake and name the program by --itk",
  );
if (spawnSync(values.python, ["-c", "import pydicom, gdcm, scipy"]).status === 0) {
  contestants.Python = (job, out) => [values.python, [here("peers/preprocess.py"), job, study, out]];
} else console.log(`Python is not measured: ${values.python} lacks pydicom, gdcm or scipy`);

/** @typedef {import("./whole_process.js").Measured} Measured */

const jobNames = /** @type {const} */ (["windowed", "all"]);
/** @type {Record<Job, Record<string, Measured[]>>} */
const results = { windowed: {}, all: {} };
for (const job of jobNames) {
  results[job] = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= Number(values.runs); round++) {
    for (const [name, command] of Object.entries(contestants)) {
      const out = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));
      const result = measure(...command(job, out));
      rmSync(out, { recursive: true, force: true });
      if (round > 0) results[job][name].push(result);
    }
  }
}

console.log(
  `\n${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, ${values.runs} runs each`,
);
for (const job of jobNames) {
  const { text } = jobs[job];
  console.log(`\n${text}\n\n| | CPU s | wall s | peak MB | CPU of ITK's |\n| --- | --- | --- | --- | --- |`);
  const itk = results[job].ITK && median(results[job].ITK.map(({ cpu }) => cpu));
  for (const [name, runs] of Object.entries(results[job])) {
    const of = (/** @type {keyof Measured} */ key) => runs.map((run) => run[key]);
    const both = (/** @type {keyof Measured} */ key, /** @type {number} */ digits) =>
      `${median(of(key)).toFixed(digits)} (${Math.min(...of(key)).toFixed(digits)})`;
    const ratio = itk ? (median(of("cpu")) / itk).toFixed(2) : "";
    console.log(
      `| ${name} | ${both("cpu", 2)} | ${both("wall", 2)} | ${median(of("megabytes")).toFixed(0)} | ${ratio} |`,
    );
  }
}
if (values.json) {
  mkdirSync(join(values.json, ".."), { recursive: true });
  writeFileSync(values.json, JSON.stringify({ study, cpu: cpus()[0].model, results }, null, 2));
}
