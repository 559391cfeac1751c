// @ts-check
// A data set by `hounsfield cohort` against what people do today: a shell loop of a command for each study,
// and a loop in one Python process. To 1 mm windowed floats, all on one thread.
//
//   node bench/cohort.js STUDY... [--copies 4] [--runs 3] [--python FILE]
//
// The data set is links to the studies, each so many times. Rounds are interleaved; each figure is the
// median. CPU seconds are of all processes, by GNU time.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    copies: { type: "string", default: "4" },
    runs: { type: "string", default: "3" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});
if (positionals.length === 0) {
  console.error("node bench/cohort.js STUDY... [--copies 4] [--runs 3] [--python FILE]");
  process.exit(2);
}
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bin = here("../bin/hounsfield.js");
const home = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));
const dataSet = join(home, "data");
mkdirSync(dataSet);
/** @type {string[]} */
const studies = [];
for (let copy = 0; copy < Number(values.copies); copy++)
  for (const study of positionals) {
    const link = join(dataSet, `study-${String(studies.length).padStart(3, "0")}`);
    symlinkSync(resolve(study), link);
    studies.push(link);
  }

/** @typedef {(out: string) => [program: string, args: string[]]} Command by the folder of its output */

/** @param {string} text */
const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
/** @type {(command: (study: string, out: string) => string) => Command} */
const loop = (command) => (out) => {
  const script = join(home, "loop.sh");
  const lines = studies.map(
    (study, i) => `${command(study, join(out, String(i)))} >/dev/null 2>&1 || exit 1\n`,
  );
  writeFileSync(script, `set -e\nmkdir -p ${quote(out)}\n${lines.join("")}`);
  return ["sh", [script]];
};
const node = quote(process.execPath);
/** @type {Record<string, Command>} */
const contestants = {
  "hounsfield cohort, 1 worker": (out) => [
    process.execPath,
    [bin, "cohort", dataSet, "--out", out, "--recipe", "window-1mm", "--workers", "1"],
  ],
  "loop of hounsfield preprocess, 1 thread": loop(
    (study, out) =>
      `${node} ${quote(bin)} preprocess ${quote(study)} --out ${quote(out)} --device cpu --threads 1 --spacing 1 --window=-1000:400 --only`,
  ),
};
if (spawnSync(values.python, ["-c", "import pydicom, gdcm, scipy"]).status === 0) {
  const python = quote(values.python);
  contestants["loop of Python (pydicom, GDCM, scipy)"] = loop(
    (study, out) =>
      `mkdir -p ${quote(out)} && ${python} ${quote(here("peers/preprocess.py"))} windowed ${quote(study)} ${quote(out)}`,
  );
} else console.log(`Python is not measured: ${values.python} lacks pydicom, gdcm or scipy`);

const env = Object.fromEntries(["PATH", "HOME", "LANG", "TMPDIR"].map((name) => [name, process.env[name]]));

/** @param {readonly [program: string, args: readonly string[]]} command */
function measure([program, args]) {
  const { status, stderr } = spawnSync("/usr/bin/time", ["-f", "\n%U %S %e %M", program, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stderr}`);
  const [user, system, wall, kilobytes] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { cpu: (user + system) / studies.length, wall: wall / studies.length, megabytes: kilobytes / 1000 };
}

/** @type {Record<string, ReturnType<typeof measure>[]>} */
const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
try {
  for (let round = 0; round < Number(values.runs); round++)
    for (const [name, command] of Object.entries(contestants)) {
      const out = mkdtempSync(join(tmpdir(), "hounsfield-bench-out-"));
      results[name].push(measure(command(join(out, "out"))));
      rmSync(out, { recursive: true, force: true });
    }
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
console.log(
  `\n${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, ${studies.length} studies, ${values.runs} runs\n`,
);
console.log(
  "| | CPU s a study | wall s a study | peak MB of a process | CPU of the cohort's |\n| --- | --- | --- | --- | --- |",
);
const cohort = median(Object.values(results)[0].map(({ cpu }) => cpu));
for (const [name, runs] of Object.entries(results)) {
  const of = (/** @type {"cpu" | "wall" | "megabytes"} */ key) => median(runs.map((run) => run[key]));
  const [cpu, wall, megabytes] = [of("cpu"), of("wall"), of("megabytes")];
  console.log(
    `| ${name} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${megabytes.toFixed(0)} | ${(cpu / cohort).toFixed(2)} |`,
  );
}
