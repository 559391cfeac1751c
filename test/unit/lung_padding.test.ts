import { expect, test } from "vitest";
import { cornerValue } from "../../src/recipes/lung_mask/padding.js";

/** A slice of noise, but for squares of one value at places. */
function slice(
  ...squares: readonly (readonly [x: number, y: number, size: number, hu: number])[]
): Int16Array {
  const hu = Int16Array.from({ length: 40 * 30 }, (_, i) => -1000 + ((i * 7919) % 13));
  for (const [x, y, size, value] of squares)
    for (let v = y; v < y + size; v++) hu.fill(value, v * 40 + x, v * 40 + x + size);
  return hu;
}

test("a corner of 8 x 8 voxels of one value is padding; less is not, nor is what lies off the corner", () => {
  expect(cornerValue(slice([0, 0, 8, 0]), 40, 30)).toBe(0);
  expect(cornerValue(slice([32, 22, 8, 40]), 40, 30)).toBe(40);
  expect(cornerValue(slice([0, 0, 7, 0]), 40, 30)).toBeUndefined();
  expect(cornerValue(slice([1, 0, 8, 0]), 40, 30)).toBeUndefined();
  expect(cornerValue(slice([0, 0, 8, -1024], [32, 0, 8, 0]), 40, 30)).toBe(0);
  expect(cornerValue(slice(), 40, 30)).toBeUndefined();
});
