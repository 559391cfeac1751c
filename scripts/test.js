// The README's test command: build, then every check, counted. Ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { countLine, runVitest } from "./run-vitest.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const checks = [
  ["build", "node", ["scripts/build.js"]],
  ["generated kernels are up to date", "node", ["scripts/generate-kernels.js", "--check"]],
  ["the table of operations is up to date", "node", ["scripts/operation-table.js", "--check"]],
  ["types", "npx", ["--no-install", "tsc", "-p", "."]],
  ["lint and format", "npx", ["--no-install", "biome", "ci", "--error-on-warnings", "."]],
];

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
const tests = runVitest(process.argv.slice(2));
passed += tests.passed;
failed += tests.failed;
console.log(countLine({ passed, failed, skipped: tests.skipped }));
process.exit(failed === 0 ? 0 : 1);
