// Whole-process cost of `hounsfield preprocess`: each run a fresh process, from DICOM files to .npy files on disk.
//
//   node bench/preprocess.js STUDY [RUNS]
//
// Prints the median of each stage's wall time, CPU seconds (user and system) and the peak resident memory of the process.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/hounsfield.js", import.meta.url));
const [study, runs = "5"] = process.argv.slice(2);
if (!study) throw new Error("node bench/preprocess.js STUDY [RUNS]");

const jobs = {
  "volume only": [],
  "window, lungs, MIPs": ["--window", "-1000,400", "--lungs", "threshold", "--mip"],
  "1 mm, window, lungs, MIPs": ["--spacing", "1", "--window", "-1000,400", "--lungs", "threshold", "--mip"],
};

function once(options) {
  const out = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));
  const args = [bin, "preprocess", study, "--out", out, "--json", ...options];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  rmSync(out, { recursive: true, force: true });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

for (const [name, options] of Object.entries(jobs)) {
  const reports = Array.from({ length: Number(runs) }, () => once(options));
  const { adapter, stages } = reports[0];
  console.log(
    `\n${name} (${runs} runs, ${adapter.name || adapter.vendor}${adapter.software ? ", software" : ""})`,
  );
  stages.forEach(({ stage }, i) => {
    console.log(
      `  ${stage.padEnd(18)} ${median(reports.map((r) => r.stages[i].milliseconds))
        .toFixed(0)
        .padStart(7)} ms`,
    );
  });
  console.log(
    `  ${"all".padEnd(18)} ${median(reports.map((r) => r.totalMilliseconds))
      .toFixed(0)
      .padStart(7)} ms`,
  );
  console.log(
    `  ${"CPU".padEnd(18)} ${median(reports.map((r) => r.cpuMilliseconds))
      .toFixed(0)
      .padStart(7)} ms`,
  );
  console.log(
    `  ${"peak resident".padEnd(18)} ${(median(reports.map((r) => r.peakResidentBytes)) / 1e6).toFixed(0).padStart(7)} MB`,
  );
  console.log(
    `  ${"peak engine".padEnd(18)} ${(median(reports.map((r) => r.peakEngineBytes)) / 1e6).toFixed(0).padStart(7)} MB`,
  );
}
