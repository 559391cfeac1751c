import { relative, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";
import { chosenMutants, type Mutant } from "./mutants.js";

const root = resolve(import.meta.dirname, "../..");

/** Its line is changed as it is read, and no file is touched. */
const planted = (mutant: Mutant): Plugin => ({
  name: "mutant",
  enforce: "pre",
  transform: (code, id) =>
    relative(root, id) === mutant.file ? code.replace(mutant.search, () => mutant.replacement) : null,
});

/** Says of each mutant, as soon as its tests are done, whether one of them failed. */
class Fates implements Reporter {
  readonly #done = new Map<string, TestModule[]>();
  #killed = 0;

  onTestModuleEnd(module: TestModule): void {
    const { name } = module.project;
    const modules = [...(this.#done.get(name) ?? []), module];
    this.#done.set(name, modules);
    const mutant = mutants.find((one) => one.name === name);
    if (!mutant || modules.length < mutant.tests.length) return;
    const fate = fateOf(modules);
    if (fate === "killed") this.#killed++;
    console.log(`${fate}: ${name} (${mutant.file})`);
  }

  onTestRunEnd(): void {
    console.log(`${this.#killed} of ${mutants.length} killed`);
    // What vitest counts as failed is what is wanted here.
    process.exitCode = this.#killed === mutants.length ? 0 : 1;
  }
}

function fateOf(modules: readonly TestModule[]): string {
  if (modules.some(({ children }) => [...children.allTests("failed")].length > 0)) return "killed";
  // A file that does not load fails no test: the mutant is broken, and proves nothing.
  return modules.every((module) => module.state() === "passed") ? "SURVIVES" : "BROKEN";
}

const mutants = chosenMutants(process.env.HOUNSFIELD_MUTANTS ?? "");

/** One project a mutant, in one run: most of what a run of a few tests takes is its start. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 1,
    reporters: [new Fates()],
    projects: mutants.map((mutant) => ({
      root,
      plugins: [planted(mutant)],
      test: { name: mutant.name, include: [...mutant.tests], testTimeout: 120_000 },
    })),
  },
});
