import { describe, expect, test } from "vitest";
import { type Grid, type Vec3, voxelCount } from "../../src/core/grid.js";
import { boundingBox } from "../../src/ops/mask/bounding_box.js";
import { compareMasks } from "../../src/ops/mask/compare_masks.js";
import { measureMask } from "../../src/ops/mask/measure_mask.js";
import { surfaceDirections } from "../../src/ops/mask/surface_directions.js";
import { surfaceDistances } from "../../src/ops/mask/surface_distances.js";
import { surfaceVoxelDistances, surfaceVoxelsMm2 } from "../reference/surface.js";
import { testBothEngines } from "../support/gpu.js";
import {
  blobVoxels,
  expectCleanAborts,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  withMask,
} from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

const sizes: readonly Vec3[] = [
  [1, 1, 1],
  [1, 9, 7],
  [31, 1, 6],
  [32, 7, 1],
  [33, 8, 5],
  [65, 12, 7],
  [2048, 2, 2],
];

describe.each(sizes.map((size) => [size] as const))("%j", (size) => {
  const grid = gridOf(size, [0.7, 0.8, 2]);

  test.each([0, 0.003, 0.5, 1])(
    "volume, surface and box of noise of %f equal their twins",
    async (density) => {
      const gpu = await engine();
      const voxels = noiseVoxels(size, density, size[0]);
      const count = voxels.reduce((sum, voxel) => sum + voxel, 0);
      const surface = surfaceVoxelsMm2(voxels, grid, surfaceDirections(grid.spacingMm));
      await withMask(gpu, grid, voxels, async (mask) => {
        for (const seen of [mask, seenBy(oneSliceEngine(gpu), mask)]) {
          const measures = await measureMask(seen);
          expect(measures.voxels).toBe(count);
          expect(measures.volumeMl).toBeCloseTo((count * 0.7 * 0.8 * 2) / 1000, 12);
          expect(measures.surfaceMm2).toBeCloseTo(surface, 6);
          expect(await boundingBox(seen)).toEqual(boxOf(voxels, size));
        }
      });
    },
  );
});

test("the directions' weights are known on cubes, and follow the spacing", () => {
  const cubic = surfaceDirections([1, 1, 1]);
  expect(cubic.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  // Twice the fractions of a sphere that Ohser and Muecklich (2000) give for axes, face and space diagonals.
  const known = [0.091556, 0.073961, 0.070392];
  for (const { step, weight } of cubic) {
    expect(Math.abs(weight - known[step.filter((voxels) => voxels !== 0).length - 1])).toBeLessThan(4e-4);
  }
  const thick = surfaceDirections([1, 1, 4]);
  const along = (step: string) => thick.find((direction) => direction.step.join() === step)?.weight ?? 0;
  expect(along("1,0,0")).toBeGreaterThan(2 * along("0,0,1"));
});

test.each([[[1, 1, 1]], [[0.7, 0.7, 1.4]], [[0.7, 0.7, 5]]] as const)(
  "the surface of spheres at %j mm is within 2.5 % of theirs",
  async (spacingMm) => {
    for (const radius of [5, 8.3].map((voxels) => voxels * spacingMm[2])) {
      const size = spacingMm.map((mm) => Math.ceil((2 * radius) / mm) + 5);
      const grid = gridOf([size[0], size[1], size[2]], spacingMm);
      await withMask(await engine(), grid, sphereVoxels(grid, radius), async (mask) => {
        const { surfaceMm2, volumeMl } = await measureMask(mask);
        expect(Math.abs(surfaceMm2 / (4 * Math.PI * radius ** 2) - 1)).toBeLessThan(0.025);
        expect(Math.abs(volumeMl / ((4 / 3000) * Math.PI * radius ** 3) - 1)).toBeLessThan(0.02);
      });
    }
  },
);

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
      expect(await compareMasks(first, second)).toMatchObject({
        dice: 1,
        jaccard: 1,
        volumeDifference: Number.NaN,
      });
      expect((await surfaceDistances(first, second)).hausdorffMm).toBe(0);
    });
    await withMasks(grid, one, none, async (first, second) => {
      expect(await compareMasks(first, second)).toMatchObject({ dice: 0, jaccard: 0 });
      expect((await surfaceDistances(first, second)).averageMm).toBe(Number.POSITIVE_INFINITY);
    });
  });

  test("of different sizes are refused", async () => {
    const invalid = { code: "wrong-grid" };
    await withMask(await engine(), gridOf([4, 3, 2]), new Uint8Array(24), (first) =>
      withMask(first.engine, gridOf([4, 2, 3]), new Uint8Array(24), async (second) => {
        await expect(compareMasks(first, second)).rejects.toMatchObject(invalid);
        await expect(surfaceDistances(first, second)).rejects.toMatchObject(invalid);
      }),
    );
  });

  test("an abort leaves nothing behind", async () => {
    const gpu = await engine();
    await withMasks(grid, one, other, async (first, second) => {
      const sliced = seenBy(oneSliceEngine(gpu), first);
      await expectCleanAborts(gpu, (control) => measureMask(sliced, control));
      await expectCleanAborts(gpu, (control) => boundingBox(sliced, control));
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

function boxOf(voxels: Uint8Array, [nx, ny]: Vec3) {
  const places = [...voxels.keys()]
    .filter((i) => voxels[i])
    .map((i) => [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)]);
  if (places.length === 0) return undefined;
  const along = (axis: number) => places.map((place) => place[axis]);
  return {
    from: [0, 1, 2].map((axis) => along(axis).reduce((least, at) => Math.min(least, at))),
    to: [0, 1, 2].map((axis) => along(axis).reduce((most, at) => Math.max(most, at)) + 1),
  };
}

/** A sphere about a center between voxels. */
function sphereVoxels(grid: Grid, radius: number): Uint8Array {
  const [nx, ny] = grid.size;
  const center = grid.size.map((length, axis) => (length / 2 - 0.3) * grid.spacingMm[axis]);
  return Uint8Array.from({ length: voxelCount(grid) }, (_, i) => {
    const index = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const offset = index.map((k, axis) => k * grid.spacingMm[axis] - center[axis]);
    return Math.hypot(...offset) <= radius ? 1 : 0;
  });
}
