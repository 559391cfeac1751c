import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { boundingBox } from "../../src/ops/mask/bounding_box.js";
import type { compareMasks } from "../../src/ops/mask/compare_masks.js";
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

  test.each([0, 0.003, 0.5, 1])("the box of noise of %f is where its voxels end", async (density) => {
    const gpu = await engine();
    const voxels = noiseVoxels(size, density, size[0]);
    await withMask(gpu, grid, voxels, async (mask) => {
      for (const seen of [mask, seenBy(oneSliceEngine(gpu), mask)]) {
        expect(await boundingBox(seen)).toEqual(boxOf(voxels, size));
      }
    });
  });
});

describe("two masks", () => {
  const grid = gridOf([45, 30, 8], [0.8, 0.8, 2]);
  const one = blobVoxels(grid, 4, 3);
  const other = blobVoxels(grid, 4, 3).map((voxel, i) => (i % 45 < 20 ? voxel : (one[i - 3] ?? 0)));

  test("an abort leaves nothing behind", async () => {
    const gpu = await engine();
    await withMasks(grid, one, other, async (first) => {
      const sliced = seenBy(oneSliceEngine(gpu), first);
      await expectCleanAborts(gpu, (control) => boundingBox(sliced, control));
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
