import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Tests of operations run on both engines: those in test/gpu that ask for `testBothEngines`. */
const ofOperations = readdirSync("test/gpu")
  .map((name) => `test/gpu/${name}`)
  .filter((name) => name.endsWith(".test.ts") && readFileSync(name, "utf8").includes("testBothEngines"));

export default defineConfig({
  test: {
    // Each file in a process of its own: one WebGPU device a process, and a crash of the driver names its file.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "cpu", include: ofOperations, env: { HOUNSFIELD_TEST_ENGINE: "cpu" } },
      },
    ],
  },
});
