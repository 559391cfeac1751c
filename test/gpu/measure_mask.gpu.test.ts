import { describe, expect, test } from "vitest";
import { type Grid, type Vec3, voxelCount } from "../../src/core/grid.js";
import type { compareMasks } from "../../src/ops/mask/compare_masks.js";
import { measureMask } from "../../src/ops/mask/measure_mask.js";
import { surfaceDirections } from "../../src/ops/mask/surface_directions.js";
import { surfaceVoxelsMm2 } from "../reference/surface.js";
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

  test.each([0, 0.003, 0.5, 1])("volume and surface of noise of %f equal their twins", async (density) => {
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
      }
    });
  });
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

  test("an abort leaves nothing behind", async () => {
    const gpu = await engine();
    await withMasks(grid, one, other, async (first) => {
      const sliced = seenBy(oneSliceEngine(gpu), first);
      await expectCleanAborts(gpu, (control) => measureMask(sliced, control));
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
