import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Runs scripts/run-vitest.js on one file of tests; what it says, and its counts. */
function runOn(text: string) {
  // Below the checkout, where a test file finds vitest, in what git ignores.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "run-vitest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "some.test.ts");
  writeFileSync(file, `import { expect, test } from "vitest";\n${text}`);
  const config = join(folder, "vitest.config.js");
  writeFileSync(config, `export default { test: { include: [${JSON.stringify(file)}], exclude: [] } };`);
  const results = join(folder, "out");
  const script = `
    import { runVitest, countLine } from ${JSON.stringify(join(root, "scripts/run-vitest.js"))};
    const args = ["--config", ${JSON.stringify(config)}];
    console.log(countLine(runVitest(args, { out: ${JSON.stringify(results)} })));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const logs = () => readdirSync(join(results, "failures")).map((name) => join(results, "failures", name));
  return { lines: stdout.trimEnd().split("\n"), name: relative(root, file), logs };
}

test("what fails is said last, by name, and what it said is kept", () => {
  const { lines, name, logs } = runOn(`
    test("good", () => {});
    test("bad", () => expect(1, "one is not two").toBe(2));
    test("worse", () => { throw new Error("no reason"); });`);
  expect(lines.slice(-4)).toEqual([
    `FAILED: ${name} > bad`,
    `FAILED: ${name} > worse`,
    expect.stringMatching(/^2 failed in Node .*; what they said is kept in .*out.failures./),
    "1 passed, 2 failed",
  ]);
  const [log] = logs();
  const text = readFileSync(log, "utf8");
  expect(text).toMatch(/> bad\n.*one is not two[\s\S]*> worse\n.*no reason/);
});

test("so is a file that does not load", () => {
  const { lines, name, logs } = runOn(`throw new Error("not today");`);
  expect(lines).toContain(`FAILED: ${name}`);
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
  expect(readFileSync(logs()[0], "utf8")).toContain("not today");
});

test("where nothing fails nothing is said or kept", () => {
  // The skipped one is of the file that is judged: it is to be counted as skipped.
  const { lines, logs } = runOn(`test("good", () => {}); test.skip("later", () => {});`);
  expect(lines.filter((line) => line.startsWith("FAILED"))).toEqual([]);
  expect(lines.at(-1)).toBe("1 passed, 0 failed, 1 skipped");
  expect(logs).toThrow("ENOENT");
});
