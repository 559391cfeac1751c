// Files of other formats against the programs that people make them with, whole processes.
//
//   node bench/formats.js STUDY [--runs 5] [--python FILE]
//
// Jobs: a folder of DICOM to .nii.gz; that .nii.gz to .nii, and back; and the plain lungs as a DICOM
// Segmentation and as surfaces, which have no peer here, beside the same run with .npy. Contestants: our
// command; dcm2niix with its own compressor at the level that we take and at its own; nibabel, for DICOM with
// pydicom and GDCM (bench/peers/formats.py). Rounds are interleaved; medians, in brackets the least.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure, median } from "./whole_process.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});
const [study] = positionals;
if (!study) {
  console.error("node bench/formats.js STUDY [--runs 5] [--python FILE]");
  process.exit(2);
}
const { python } = values;
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const command = here("../bin/hounsfield.js");
const has = (/** @type {string} */ program, /** @type {readonly string[]} */ args) =>
  spawnSync(program, args).error === undefined && spawnSync(program, args).status === 0;
const hasDcm2niix = has("dcm2niix", ["--version"]) || spawnSync("dcm2niix", ["-h"]).error === undefined;
const hasNibabel = has(python, ["-c", "import nibabel"]);
const hasGdcm = hasNibabel && has(python, ["-c", "import pydicom, gdcm"]);
if (!hasDcm2niix) console.log("dcm2niix is not measured: it is not installed");
if (!hasNibabel) console.log(`nibabel is not measured: ${python} lacks it`);
else if (!hasGdcm) console.log(`nibabel is not measured from DICOM: ${python} lacks pydicom or gdcm`);

/** @typedef {(out: string) => readonly [program: string, args: readonly string[]]} Run */

const made = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));
const packed = join(made, "ct.nii.gz");
const plain = join(made, "ct.nii");
for (const file of [packed, plain]) measure(process.execPath, [command, "convert", study, file]);

/** @type {(...args: string[]) => Run} */
const lungs =
  (...args) =>
  (out) => [
    process.execPath,
    [
      command,
      "preprocess",
      study,
      "--out",
      join(out, "o"),
      "--device",
      "cpu",
      "--threads",
      "1",
      "--only",
    ].concat(["--no-hashes", "--lungs", "threshold"], args),
  ];

/** @type {Readonly<Record<string, Readonly<Record<string, Run>>>>} */
const jobs = {
  "a folder of DICOM to .nii.gz": {
    hounsfield: (out) => [process.execPath, [command, "convert", study, join(out, "ct.nii.gz")]],
    ...(hasDcm2niix && {
      "dcm2niix, level 1": (out) => ["dcm2niix", ["-z", "i", "-1", "-b", "n", "-o", out, study]],
      "dcm2niix, as it comes": (out) => ["dcm2niix", ["-z", "i", "-b", "n", "-o", out, study]],
    }),
    ...(hasGdcm && {
      "pydicom, GDCM, nibabel": (out) => [
        python,
        [here("peers/formats.py"), "dicom", study, join(out, "ct.nii.gz")],
      ],
    }),
  },
  ".nii.gz to .nii": {
    hounsfield: (out) => [process.execPath, [command, "convert", packed, join(out, "ct.nii")]],
    ...(hasNibabel && {
      nibabel: (out) => [python, [here("peers/formats.py"), "nifti", packed, join(out, "ct.nii")]],
    }),
  },
  ".nii to .nii.gz": {
    hounsfield: (out) => [process.execPath, [command, "convert", plain, join(out, "ct.nii.gz")]],
    ...(hasNibabel && {
      nibabel: (out) => [python, [here("peers/formats.py"), "nifti", plain, join(out, "ct.nii.gz")]],
    }),
  },
  "the plain lungs of a folder": {
    "hounsfield, SEG": lungs("--format", "seg"),
    "hounsfield, .npy": lungs("--format", "npy"),
    "hounsfield, .stl": lungs("--format", "stl"),
  },
};

/** MB of all files of a folder. @param {string} folder */
function megabytesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1e6;
}

console.log(
  `\n${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, ${values.runs} runs each`,
);
for (const [job, contestants] of Object.entries(jobs)) {
  /** @type {Map<string, (import("./whole_process.js").Measured & { readonly written: number })[]>} */
  const results = new Map(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= Number(values.runs); round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const out = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));
      const result = { ...measure(...run(out)), written: megabytesIn(out) };
      rmSync(out, { recursive: true, force: true });
      if (round > 0) results.get(name)?.push(result);
    }
  }
  console.log(`\n| ${job} | CPU s | wall s | peak MB | written MB |\n| --- | --- | --- | --- | --- |`);
  for (const [name, runs] of results) {
    const both = (/** @type {"cpu" | "wall"} */ key) => {
      const all = runs.map((run) => run[key]);
      return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)})`;
    };
    const one = (/** @type {"megabytes" | "written"} */ key) => median(runs.map((run) => run[key]));
    const memory = `${one("megabytes").toFixed(0)} | ${one("written").toFixed(1)}`;
    console.log(`| ${name} | ${both("cpu")} | ${both("wall")} | ${memory} |`);
  }
}
rmSync(made, { recursive: true, force: true });
