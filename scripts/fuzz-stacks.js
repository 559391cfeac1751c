// @ts-check
// Takes one file of a good stack away, cuts it, damages it or puts another one in its place, at random: never
// a short or changed volume without a word.
//   npm run fuzz:stacks -- [--cases 20000] [--seed 1]
import { parseArgs } from "node:util";
import { countLine, runVitest } from "./run-vitest.js";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});
if (![values.cases, values.seed].every((text) => /^[1-9]\d*$/.test(text))) {
  console.error("--cases and --seed take a whole number above 0");
  process.exit(2);
}
const counts = runVitest(["--project", "all", "--testTimeout", "0", "test/fuzz/stack_fuzz.test.ts"], {
  name: `stacks, seed ${values.seed}`,
  env: { HOUNSFIELD_FUZZ_CASES: values.cases, HOUNSFIELD_FUZZ_SEED: values.seed },
});
console.log(countLine({ ...counts, skipped: 0 }));
process.exit(counts.failed === 0 ? 0 : 1);
