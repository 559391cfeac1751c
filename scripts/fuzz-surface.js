// @ts-check
// Calls every exported function wrongly, at random, on both engines: only tagged errors and aborts' reasons
// come out, and nothing stays in memory.
//   npm run fuzz:calls -- [--cases 1000] [--seed 1] [--device cpu|gpu]
// `--cases` is of each function. What it finds it says with the seed of the run, which gives it again.
import { parseArgs } from "node:util";
import { countLine, runVitest, sumOf } from "./run-vitest.js";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    device: { type: "string", default: "both" },
  },
});
const files = { cpu: "test/unit/public_surface.test.ts", gpu: "test/gpu/public_surface.gpu.test.ts" };
const numbers = [Number(values.cases), Number(values.seed)];
if (!["cpu", "gpu", "both"].includes(values.device) || !numbers.every((n) => Number.isInteger(n) && n > 0)) {
  console.error("--cases and --seed take a whole number above 0, --device takes cpu, gpu or both");
  process.exit(2);
}
const counts = sumOf(
  Object.entries(files)
    .filter(([device]) => values.device === "both" || values.device === device)
    .map(([device, file]) =>
      runVitest(["--project", "all", "--testTimeout", "0", "--testNamePattern", "several things", file], {
        name: `${device}, seed ${values.seed}`,
        env: { HOUNSFIELD_FUZZ_CASES: values.cases, HOUNSFIELD_FUZZ_SEED: values.seed },
      }),
    ),
);
console.log(countLine({ ...counts, skipped: 0 }));
process.exit(counts.failed === 0 ? 0 : 1);
