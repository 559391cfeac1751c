import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/**
 * What is shipped, as a stranger gets it: `npm run test:package`. A bundler may take minutes on a machine
 * that is busy.
 */
export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    name: "package",
    include: ["test/package/*.test.ts"],
    globalSetup: "test/package/support/workshop.ts",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
