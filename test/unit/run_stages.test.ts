import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../scripts/run-stages.js", import.meta.url));

function runStages(...commands: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [script, ...commands], { encoding: "utf8" });
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1) };
}

test("counts of stages are added, a stage's last count counting", () => {
  const { status, lastLine } = runStages(
    "echo 3 passed, 0 failed",
    "echo 9 passed, 9 failed; echo 4 passed, 0 failed, 2 skipped; echo done",
  );
  expect(lastLine).toBe("7 passed, 0 failed, 2 skipped");
  expect(status).toBe(0);
});

test.each([
  ["a failure of a stage", "echo 2 passed, 1 failed; exit 1", "3 passed, 1 failed"],
  ["a failure with status 0", "echo 2 passed, 1 failed", "3 passed, 1 failed"],
  ["a stage that counts nothing", "true", "1 passed, 1 failed"],
  ["a stage that does not start", "a-command-that-is-not-there", "1 passed, 1 failed"],
  ["a stage that fails after its count", "echo 2 passed, 0 failed; exit 3", "3 passed, 1 failed"],
  ["a stage that is killed", "echo 2 passed, 0 failed; kill -9 $$", "3 passed, 1 failed"],
  ["a count inside a line", "echo so 2 passed, 0 failed here", "1 passed, 1 failed"],
])("%s fails the run, and the next stage runs", (_name, command, expected) => {
  expect(runStages(command, "echo 1 passed, 0 failed")).toEqual({ status: 1, lastLine: expected });
});
