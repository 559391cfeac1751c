import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { compareMasks } from "../../src/ops/mask/compare_masks.js";
import { surfaceDistances } from "../../src/ops/mask/surface_distances.js";
import { surfaceVoxelDistances } from "../reference/surface.js";
import { testBothEngines } from "../support/gpu.js";
import { blobVoxels, expectCleanAborts, withMask } from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

describe("two masks", () => {
  const grid = gridOf([45, 30, 8], [0.8, 0.8, 2]);
  const one = blobVoxels(grid, 4, 3);
  const other = blobVoxels(grid, 4, 3).map((voxel, i) => (i % 45 < 20 ? voxel : (one[i - 3] ?? 0)));

  test("distances between surfaces", async () => {
    const all = surfaceVoxelDistances(one, other, grid);
    await withMasks(grid, one, other, async (first, second) => {
      const distances = await surfaceDistances(first, second);
      expect(all[all.length - 1]).toBeGreaterThan(1);
      expect(distances.hausdorffMm).toBeCloseTo(all[all.length - 1], 4);
      expect(distances.hausdorff95Mm).toBeCloseTo(all[Math.ceil(all.length * 0.95) - 1], 4);
      expect(distances.averageMm).toBeCloseTo(all.reduce((sum, mm) => sum + mm, 0) / all.length, 4);
      expect(await surfaceDistances(first, first)).toEqual({
        hausdorffMm: 0,
        hausdorff95Mm: 0,
        averageMm: 0,
      });
    });
  });

  test("empty ones", async () => {
    const none = new Uint8Array(one.length);
    await withMasks(grid, none, none, async (first, second) => {
      expect((await surfaceDistances(first, second)).hausdorffMm).toBe(0);
    });
    await withMasks(grid, one, none, async (first, second) => {
      expect((await surfaceDistances(first, second)).averageMm).toBe(Number.POSITIVE_INFINITY);
    });
  });

  test("of different sizes are refused", async () => {
    const invalid = { code: "wrong-grid" };
    await withMask(await engine(), gridOf([4, 3, 2]), new Uint8Array(24), (first) =>
      withMask(first.engine, gridOf([4, 2, 3]), new Uint8Array(24), async (second) => {
        await expect(surfaceDistances(first, second)).rejects.toMatchObject(invalid);
      }),
    );
  });

  test("an abort leaves nothing behind", async () => {
    const gpu = await engine();
    await withMasks(grid, one, other, async (first, second) => {
      await expectCleanAborts(gpu, (control) => surfaceDistances(first, second, control));
    });
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
