// @ts-check
// Runs shell commands one after another, each whatever became of those before, and adds what they counted:
//
//   node scripts/run-stages.js "npm ci && npm test" "npm run test:package"
//
// A stage says `N passed, N failed` on a line of its own, and the last such line counts; so does this, at its
// end. A stage that ends without one, or not with status 0 though it counted no failure, is a failure more.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { countLine } from "./run-vitest.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const summary = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm;

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const command of process.argv.slice(2)) {
  console.log(`\n=== ${command}`);
  const { status, output } = await run(command);
  const [, ...counts] = [...output.matchAll(summary)].at(-1) ?? [];
  const [passed, failed, skipped] = [0, 1, 2].map((place) => Number(counts[place] ?? 0));
  const uncounted = counts.length === 0 || (status !== 0 && failed === 0);
  if (uncounted) console.log(`FAILED: ${command} ended with ${status ?? "a signal"}`);
  totals.passed += passed;
  totals.failed += failed + Number(uncounted);
  totals.skipped += skipped;
}
console.log(countLine(totals));
process.exit(totals.failed === 0 ? 0 : 1);

/**
 * Shows what the command writes as it comes, and keeps its stdout.
 * @param {string} command
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function run(command) {
  const child = spawn(command, { shell: true, cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    process.stdout.write(text);
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}
