import { relative, resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { mutants } from "./mutants.js";

const root = resolve(import.meta.dirname, "../..");
const mutant = mutants.find(({ name }) => name === process.env.HOUNSFIELD_MUTANT);
if (!mutant) throw new Error(`no mutant is named ${process.env.HOUNSFIELD_MUTANT}`);

/**
 * Tests of one mutant, for scripts/mutants.js: its line is changed as it is read, and no file is touched.
 */
export default defineConfig({
  root,
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      transform(code, id) {
        return relative(root, id) === mutant.file
          ? code.replace(mutant.search, () => mutant.replacement)
          : null;
      },
    },
  ],
  test: {
    name: "mutant",
    include: [...mutant.tests],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 120_000,
  },
});
