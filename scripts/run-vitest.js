// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs vitest to its end, shown as it goes, and counts.
 * @param {readonly string[]} args
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function runVitest(args) {
  const results = `${root}/out/test-results.json`;
  mkdirSync(`${root}/out`, { recursive: true });
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${results}`];
  const { status } = spawnSync("npx", ["--no-install", "vitest", "run", ...reporters, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const summary = JSON.parse(readFileSync(results, "utf8"));
  // A file that does not load, or an error outside every test, has no failed test to its name.
  const unnamed = Number(status !== 0 && summary.numFailedTests === 0);
  return {
    passed: summary.numPassedTests,
    failed: summary.numFailedTests + unnamed,
    skipped: summary.numPendingTests + summary.numTodoTests,
  };
}

/** The line that stages end with. @param {{ passed: number, failed: number, skipped: number }} counts */
export function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
