// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * What runs vitest, if not this Node: a command line that takes a script, what it adds to the environment,
 * and where results go.
 * @typedef {{ readonly name?: string, readonly command?: readonly string[], readonly env?: NodeJS.ProcessEnv,
 * readonly out?: string }} Runtime
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Runs vitest to its end, shown as it goes, and counts. What failed is said once more at the end, and kept in
 * out/failures/.
 * @param {readonly string[]} args
 * @param {Runtime} [runtime]
 * @returns {Counts}
 */
export function runVitest(args, runtime = {}) {
  const { name = `Node ${process.versions.node}`, command = [process.execPath], env = {} } = runtime;
  const { out = join(root, "out") } = runtime;
  const results = join(out, "test-results.json");
  mkdirSync(out, { recursive: true });
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${results}`];
  const [file, ...before] = command;
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(file, [...before, vitest, "run", ...reporters, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  if (!existsSync(results)) {
    console.log(`FAILED: vitest in ${name} ended with ${status ?? "a signal"} and without results`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const summary = JSON.parse(readFileSync(results, "utf8"));
  const failures = failuresOf(summary);
  if (failures.length > 0) sayFailures(failures, name, join(out, "failures"));
  // An error outside every test has no failed test to its name; a file that does not load has none in
  // vitest's count.
  const failed = Math.max(failures.length, Number(status !== 0));
  if (failed > failures.length) console.log(`FAILED: an error outside every test, in ${name}: see above`);
  return {
    passed: summary.numPassedTests,
    failed,
    skipped: summary.numPendingTests + summary.numTodoTests,
  };
}

/** The line that stages end with. @param {Counts} counts */
export function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** @param {readonly Counts[]} counts @returns {Counts} */
export function sumOf(counts) {
  /** @param {keyof Counts} key */
  const total = (key) => counts.reduce((sum, one) => sum + one[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}

/**
 * The tests that failed, and the files that did not load, of vitest's JSON report.
 * @param {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string,
 * fullName: string, failureMessages: string[] }[] }[] }} summary
 * @returns {{ name: string, messages: readonly string[] }[]}
 */
export function failuresOf({ testResults }) {
  return testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const file = relative(root, path);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") return [{ name: file, messages: [message] }];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${file} > ${fullName}`,
      messages: failureMessages,
    }));
  });
}

/** @param {ReturnType<typeof failuresOf>} failures @param {string} runtime @param {string} folder */
function sayFailures(failures, runtime, folder) {
  const time = new Date().toISOString().replace(/\..*/, "").replaceAll(":", "");
  const log = join(folder, `${time}-${runtime.replaceAll(/\W+/g, "-")}.txt`);
  mkdirSync(folder, { recursive: true });
  const texts = failures.map(({ name, messages }) => [`FAILED: ${name}`, ...messages].join("\n"));
  writeFileSync(log, `${runtime}\n\n${texts.join("\n\n")}\n`);
  for (const { name } of failures) console.log(`FAILED: ${name}`);
  console.log(`${failures.length} failed in ${runtime}; what they said is kept in ${relative(root, log)}`);
}
