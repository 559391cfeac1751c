import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { ctNormalization, scaleIntensityRange } from "../../src/ops/value/intensity.js";

describe("scaleIntensityRange", () => {
  test.each([
    [{ fromHu: -1000, toHu: 400 }, [-1200, -1000, -300, 400, 900], [0, 0, 0.5, 1, 1]],
    [{ fromHu: -1000, toHu: 400, clip: false }, [-1700, -300, 1100], [-0.5, 0.5, 1.5]],
    [{ fromHu: -57, toHu: 164, low: -1, high: 1 }, [-57, 53.5, 164], [-1, 0, 1]],
    // MONAI turns over what b_min and b_max have the other way round, and so does the clip.
    [{ fromHu: 0, toHu: 10, low: 1, high: 0 }, [-5, 0, 5, 20], [1, 1, 0.5, 0]],
  ])("%j", (range, values, wanted) => {
    const of = scaleIntensityRange(range);
    for (const [i, value] of values.entries()) expect(of(value)).toBeCloseTo(wanted[i], 12);
  });
});

test("ctNormalization: held within the percentiles, then mean and deviation", () => {
  const of = ctNormalization({ mean: -100, std: 200, percentile_00_5: -1000, percentile_99_5: 300 });
  expect([-3000, -1000, -100, 100, 300, 2000].map(of)).toEqual([-4.5, -4.5, 0, 1, 2, 2]);
  const narrow = ctNormalization({ mean: 0, std: 1e-12, percentile_00_5: -1, percentile_99_5: 1 });
  expect(narrow(1)).toBe(1e8);
});

test.each([
  () => scaleIntensityRange({ fromHu: 1, toHu: 1 }),
  () => scaleIntensityRange({ fromHu: 0, toHu: Number.NaN }),
  () => ctNormalization({ mean: 0, std: 0, percentile_00_5: 0, percentile_99_5: 1 }),
])("%s is refused", (run) => {
  let code = "";
  try {
    run();
  } catch (error) {
    code = isHounsfieldError(error) ? error.code : String(error);
  }
  expect(code).toBe("invalid-option");
});
