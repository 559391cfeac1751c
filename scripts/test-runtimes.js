// @ts-check
// The tests that a difference between runtimes could break, in every supported Node and in Bun, whose
// versions test/runtimes/package.json has:
//
//   npm run test:runtimes                   all of them
//   npm run test:runtimes -- node-24        one
//   npm run test:runtimes -- node-24 FILES  one, with other files
//
// dist/ must be there. npm has these binaries for Linux on x64; elsewhere the workflow's matrix has the
// machines' own.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installTools } from "./install-tools.js";
import { countLine, runVitest, sumOf } from "./run-vitest.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * What a runtime cannot change: recipes, codecs on real data, what compilers, bundlers and the gallery make
 * of the sources, and how these are written.
 */
const sameEverywhere =
  /^(lungs?_\w+|split_lungs|airway_growth|types|gallery|package_size|layers|examples|phantom|comment_width|naming|doc_tags|design_folders|operation_names|.*_(real|patients))\.test\.ts$/;

/** Streams, workers, files, signals, memory, both engines. */
const files = [
  ...readdirSync(`${root}/test/unit`)
    .filter((name) => name.endsWith(".test.ts") && !sameEverywhere.test(name))
    .map((name) => `test/unit/${name}`),
  ...["usage", "info", "preprocess", "script_end"].map((name) => `test/cli/${name}.cli.test.ts`),
  ...["engine", "late_errors", "slice_window", "preprocess"].map((name) => `test/gpu/${name}.gpu.test.ts`),
];

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("npm has the binaries of runtimes for Linux on x64: nothing is run here");
  console.log(countLine({ passed: 0, failed: 0, skipped: 1 }));
  process.exit(0);
}
const [only, ...otherFiles] = process.argv.slice(2);
const installed = join(installTools(`${root}/test/runtimes`, "hounsfield-runtimes"), "node_modules");
const nodes = readdirSync(installed)
  .filter((name) => /^node-\d+$/.test(name))
  .sort();
const wanted = [...nodes, "bun"].filter((name) => only === undefined || name === only);
const counts = wanted.map((name) => (name === "bun" ? checkBun() : testNode(name)));
console.log(countLine(counts.length > 0 ? sumOf(counts) : { passed: 0, failed: 1, skipped: 0 }));
process.exit(counts.length > 0 && sumOf(counts).failed === 0 ? 0 : 1);

/** @param {string} name */
function testNode(name) {
  const command = join(installed, name, "bin/node");
  const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout.trim();
  console.log(`\n--- Node ${version}`);
  const chosen = otherFiles.length > 0 ? otherFiles : filesOf(name);
  return runVitest(["--project", "all", ...chosen], { name: `Node ${version}`, command: [command] });
}

/**
 * All of them in the oldest and the newest. In the versions between the unit tests, unless one is asked for
 * by its name: so all of CI stays within its 45 minutes.
 *
 * @param {string} name
 */
function filesOf(name) {
  const isBetween = name !== nodes[0] && name !== nodes[nodes.length - 1];
  return isBetween && only === undefined ? files.filter((file) => file.startsWith("test/unit/")) : files;
}

/**
 * The command line on the CPU engine: arrays are the same bytes as this Node's. (PNGs are not: each runtime
 * has a compressor of its own.)
 */
function checkBun() {
  const bun = join(installed, "@oven/bun-linux-x64/bin/bun");
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-bun-"));
  try {
    const [expected, got] = [process.execPath, bun].map((runtime, i) => {
      run(runtime, "phantom", "--out", join(folder, `dicom${i}`));
      const options = ["--spacing", "3", "--window", "-1000:400", "--lungs", "--mip", "--device", "cpu"];
      run(runtime, "preprocess", join(folder, `dicom${i}`), "--out", join(folder, `${i}`), ...options);
      return hashes(join(folder, `${i}`));
    });
    const names = Object.keys(expected);
    const wrong = names.filter((name) => expected[name] !== got[name]);
    for (const name of wrong) console.log(`FAILED: ${name} of Bun is not that of Node`);
    return {
      passed: names.length - wrong.length,
      failed: wrong.length + Number(names.length === 0),
      skipped: 0,
    };
  } catch (error) {
    console.log(`FAILED: Bun: ${error}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} runtime @param {string[]} args */
function run(runtime, ...args) {
  const { status, stderr } = spawnSync(runtime, [`${root}/bin/hounsfield.js`, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}\n${stderr}`);
}

/** @param {string} folder @returns {Record<string, string>} by the names of its arrays */
function hashes(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".npy"));
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
