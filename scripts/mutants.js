// @ts-check
// Runs the tests of each mutant in test/mutants/mutants.js, which must fail. By hand: each takes as long as
// its test files. `node scripts/mutants.js [WORDS OF A NAME]`; ends with 1 where a mutant survives.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mutants } from "../test/mutants/mutants.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** @param {import("../test/mutants/mutants.js").Mutant} mutant */
function fateOf({ name, file, search }) {
  const text = readFileSync(join(root, file), "utf8");
  if (text.split(search).length !== 2) return `STALE: "${search}" does not stand once in ${file}`;
  const args = [vitest, "run", "--config", "test/mutants/vitest.config.ts", "--reporter=json", "--bail=1"];
  const env = { ...process.env, HOUNSFIELD_MUTANT: name };
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  const results = /^\{.*\}$/m.exec(stdout);
  if (!results) return "BROKEN: its tests gave no results";
  const { numFailedTests, numPassedTests } = JSON.parse(results[0]);
  // A file that does not load fails no test: the mutant is broken, and proves nothing.
  if (numFailedTests > 0) return "killed";
  return numPassedTests > 0 ? "SURVIVES" : "BROKEN: no test ran";
}

const words = process.argv.slice(2).join(" ");
const chosen = mutants.filter(({ name }) => name.includes(words));
let killed = 0;
for (const mutant of chosen) {
  const fate = fateOf(mutant);
  if (fate === "killed") killed++;
  console.log(`${fate}: ${mutant.name} (${mutant.file})`);
}
console.log(`${killed} of ${chosen.length} killed`);
process.exit(killed === chosen.length ? 0 : 1);
