import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { compareMasks } from "../../src/ops/mask/compare_masks.js";
import { testBothEngines } from "../support/gpu.js";
import { blobVoxels, withMask } from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

describe("two masks", () => {
  const grid = gridOf([45, 30, 8], [0.8, 0.8, 2]);
  const one = blobVoxels(grid, 4, 3);
  const other = blobVoxels(grid, 4, 3).map((voxel, i) => (i % 45 < 20 ? voxel : (one[i - 3] ?? 0)));

  test("overlap", async () => {
    const count = (voxels: ArrayLike<number>) => Array.from(voxels).reduce((sum, voxel) => sum + voxel, 0);
    const [a, b, shared] = [count(one), count(other), count(one.map((voxel, i) => voxel & other[i]))];
    expect(shared).toBeGreaterThan(0);
    expect(shared).toBeLessThan(Math.min(a, b));
    await withMasks(grid, one, other, async (first, second) => {
      const overlap = await compareMasks(first, second);
      expect(overlap.dice).toBe((2 * shared) / (a + b));
      expect(overlap.jaccard).toBe(shared / (a + b - shared));
      expect(overlap.volumeDifference).toBe((a - b) / b);
      expect([overlap.oneMl, overlap.otherMl, overlap.sharedMl]).toEqual(
        [a, b, shared].map((voxels) => voxels * ((0.8 * 0.8 * 2) / 1000)),
      );
      const same = await compareMasks(first, first);
      expect([same.dice, same.jaccard, same.volumeDifference]).toEqual([1, 1, 0]);
      expect(same.sliceAreaCorrelation).toBeCloseTo(1, 12);
    });
  });

  test("areas per slice correlate by Pearson", async () => {
    const slices = gridOf([10, 1, 4]);
    const filled = (areas: readonly number[]) =>
      Uint8Array.from({ length: 40 }, (_, i) => (i % 10 < areas[Math.floor(i / 10)] ? 1 : 0));
    await withMasks(slices, filled([1, 2, 3, 4]), filled([2, 4, 6, 7]), async (first, second) => {
      // Covariance 8.5, variances 5 and 14.75.
      expect((await compareMasks(first, second)).sliceAreaCorrelation).toBeCloseTo(
        8.5 / Math.sqrt(5 * 14.75),
        12,
      );
    });
    await withMasks(slices, filled([3, 3, 3, 3]), filled([2, 4, 6, 7]), async (first, second) => {
      expect((await compareMasks(first, second)).sliceAreaCorrelation).toBeNaN();
    });
  });

  test("empty ones", async () => {
    const none = new Uint8Array(one.length);
    await withMasks(grid, none, none, async (first, second) => {
      expect(await compareMasks(first, second)).toMatchObject({
        dice: 1,
        jaccard: 1,
        volumeDifference: Number.NaN,
      });
    });
    await withMasks(grid, one, none, async (first, second) => {
      expect(await compareMasks(first, second)).toMatchObject({ dice: 0, jaccard: 0 });
    });
  });

  test("of different sizes are refused", async () => {
    const invalid = { code: "wrong-grid" };
    await withMask(await engine(), gridOf([4, 3, 2]), new Uint8Array(24), (first) =>
      withMask(first.engine, gridOf([4, 2, 3]), new Uint8Array(24), async (second) => {
        await expect(compareMasks(first, second)).rejects.toMatchObject(invalid);
      }),
    );
  });
});

async function withMasks(
  grid: Grid,
  one: Uint8Array,
  other: Uint8Array,
  use: (
    first: Parameters<typeof compareMasks>[0],
    second: Parameters<typeof compareMasks>[0],
  ) => Promise<void>,
): Promise<void> {
  const gpu = await engine();
  await withMask(gpu, grid, one, (first) => withMask(gpu, grid, other, (second) => use(first, second)));
}
