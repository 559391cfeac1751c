// The README's test command: build, then every check, counted. Ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const results = `${root}/out/test-results.json`;

const checks = [
  ["build", "node", ["scripts/build.js"]],
  ["generated kernels are up to date", "node", ["scripts/generate-kernels.js", "--check"]],
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
mkdirSync(`${root}/out`, { recursive: true });
rmSync(results, { force: true });
const vitest = [
  "--no-install",
  "vitest",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile=${results}`,
];
const ok = run("npx", [...vitest, ...process.argv.slice(2)]);
if (existsSync(results)) {
  const summary = JSON.parse(readFileSync(results, "utf8"));
  passed += summary.numPassedTests;
  failed += summary.numFailedTests;
  const skipped = summary.numPendingTests + summary.numTodoTests;
  // A file that does not load, or an error outside every test, has no failed test to its name.
  if (!ok && summary.numFailedTests === 0) failed++;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
} else {
  failed++;
  console.log(`${passed} passed, ${failed} failed`);
}
process.exit(failed === 0 && ok ? 0 : 1);
