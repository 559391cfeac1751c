// Runs the tests of each mutant in test/mutants/mutants.js, which must fail. By hand: some minutes.
//
//   npm run test:mutants [-- WORDS OF A NAME]      ends with 1 where a mutant survives
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chosenMutants } from "../test/mutants/mutants.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2).join(" ");

const stale = chosenMutants(words).filter(
  ({ file, search }) => readFileSync(join(root, file), "utf8").split(search).length !== 2,
);
for (const { file, search } of stale) console.error(`"${search}" does not stand once in ${file}`);
if (stale.length > 0) process.exit(1);

const vitest = join(root, "node_modules/vitest/vitest.mjs");
const args = ["run", "--config", "test/mutants/vitest.config.ts"];
const { status } = spawnSync(process.execPath, [vitest, ...args], {
  cwd: root,
  env: { ...process.env, HOUNSFIELD_MUTANTS: words },
  stdio: ["ignore", "inherit", "ignore"],
});
process.exit(status ?? 1);
