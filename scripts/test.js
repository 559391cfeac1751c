// The README's test command: build, then every check, counted. Ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { countLine, runVitest, sumOf } from "./run-vitest.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const checks = [
  ["build", "node", ["scripts/build.js"]],
  ["generated kernels are up to date", "node", ["scripts/generate-kernels.js", "--check"]],
  ["the table of operations is up to date", "node", ["scripts/operation-table.js", "--check"]],
  ["types", "npx", ["--no-install", "tsc", "-p", "."]],
  ["types of scripts", "npx", ["--no-install", "tsc", "-p", "tsconfig.scripts.json"]],
  ["lint and format", "npx", ["--no-install", "biome", "ci", "--error-on-warnings", "."]],
  ["spelling", "npx", ["--no-install", "cspell", "lint", "--no-progress", "--no-summary"]],
];

/** @param {string} command @param {readonly string[]} args */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0;
}

let passed = 0;
let failed = 0;
for (const [name, command, args] of checks) {
  const ok = run(command, args);
  console.log(`${ok ? "ok" : "FAILED"}: ${name}`);
  if (ok) passed++;
  else failed++;
}

if (!existsSync(`${root}/../shared/data`))
  console.log("no ../shared/data here: the tests on real patients are skipped, by name");
const args = process.argv.slice(2);
const tests = runVitest(args);
// dist/ is there only now. Who asks for some tests by name asks for no others.
const onWgpu = args.length > 0 ? [] : [(await import("./test-wgpu.js")).testWgpu()];
const counts = sumOf([{ passed, failed, skipped: 0 }, tests, ...onWgpu]);
console.log(countLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);
