import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import {
  bowelLimits,
  type GasPocket,
  isEmphysema,
  slimness,
  walledBelowShare,
} from "../../src/recipes/lung_mask/bowel_rules.js";

const fine: Vec3 = [0.75, 0.75, 1];

/** A ball of gas with `times` its rim. */
function pocket(gasMl: number, times: number): GasPocket {
  const radiusMm = ((3 * gasMl * 1000) / (4 * Math.PI)) ** (1 / 3);
  return { gasMl, rimMl: times * gasMl * ((1 + bowelLimits.rimMm / radiusMm) ** 3 - 1) };
}

describe("what gas is by its form", () => {
  test("a ball has a slimness of 1 whatever its size, and where the voxels are too coarse for a rim along z", () => {
    for (const ml of [5, 80, 2000]) expect(slimness(pocket(ml, 1), fine)).toBeCloseTo(1, 9);
    const radiusMm = ((3 * 100 * 1000) / (4 * Math.PI)) ** (1 / 3);
    const inPlane = { gasMl: 100, rimMl: 100 * ((1 + 2.2 / radiusMm) ** 2 - 1) };
    expect(slimness(inPlane, [2.2, 2.2, 4])).toBeCloseTo(1, 9);
  });

  test.each([
    ["large and slim", 80, 2.45, true],
    ["smaller", 79, 2.45, false],
    ["smoother", 80, 2.35, false],
    ["a whole lung", 2600, 2.45, true],
    ["a colon of a liter", 1000, 1.9, false],
  ])("%s", (_, ml, times, expected) => {
    expect(isEmphysema(pocket(ml, times), fine)).toBe(expected);
  });

  test("the share of lung that walls gas in grows with slices above 6 mm, to a limit", () => {
    expect([1, 6, 8, 10, 20].map(walledBelowShare)).toEqual(
      [0.25, 0.25, 0.31, 0.37, 0.38].map((n) => expect.closeTo(n, 9)),
    );
  });
});
