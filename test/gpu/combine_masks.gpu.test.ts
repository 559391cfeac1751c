import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { combineMasks, invertMask } from "../../src/ops/mask/combine_masks.js";
import { dilate, erode } from "../../src/ops/mask/morphology.js";
import { testBothEngines } from "../support/gpu.js";
import {
  blobVoxels,
  expectCleanAborts,
  expectSame,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  taken,
  withMask,
} from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

describe.each([
  { shape: "ball", radiusMm: 3.3 },
  { shape: "cross", reachVoxels: 2 },
  { shape: "box", reachVoxels: [2, 1, 1] },
] as const)("laws of morphology, $shape", (element) => {
  const grid = gridOf([67, 33, 14], [0.8, 0.8, 1.5]);
  const voxels = blobVoxels(grid, 9, 3).map((voxel, i) => voxel ^ (i % 97 === 0 ? 1 : 0));

  test("eroding is dilating the complement", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const clear = await invertMask(mask);
      expectSame(
        await clear.read(),
        voxels.map((voxel) => 1 - voxel),
      );
      const dilated = await taken(dilate(clear, element));
      expectSame(
        await taken(erode(mask, element)),
        dilated.map((voxel) => 1 - voxel),
      );
      clear.destroy();
    });
  });
});

test.each([1, 31, 32, 33, 65])("logic on rows of %i", async (nx) => {
  const gpu = await engine();
  const size: Vec3 = [nx, 7, 5];
  const [a, b] = [noiseVoxels(size, 0.4, 1), noiseVoxels(size, 0.6, 2)];
  await withMask(gpu, gridOf(size), a, (one) =>
    withMask(gpu, gridOf(size), b, async (other) => {
      const sliced = seenBy(oneSliceEngine(gpu), one);
      const result = (rule: "and" | "or" | "xor" | "andNot") => taken(combineMasks(sliced, other, { rule }));
      expectSame(
        await result("and"),
        a.map((voxel, i) => voxel & b[i]),
      );
      expectSame(
        await result("or"),
        a.map((voxel, i) => voxel | b[i]),
      );
      expectSame(
        await result("xor"),
        a.map((voxel, i) => voxel ^ b[i]),
      );
      expectSame(
        await result("andNot"),
        a.map((voxel, i) => voxel & (1 - b[i])),
      );
      const clear = await invertMask(one);
      // Twice inverted is the same only if padding bits stay clear, for counting sees them.
      expectSame(await taken(invertMask(clear)), a);
      expectSame(
        await taken(combineMasks(one, clear, { rule: "or" })),
        a.map(() => 1),
      );
      clear.destroy();
    }),
  );
});

test("masks of different sizes are refused", async () => {
  const gpu = await engine();
  await withMask(gpu, gridOf([4, 3, 2]), new Uint8Array(24), (one) =>
    withMask(gpu, gridOf([3, 4, 2]), new Uint8Array(24), async (other) => {
      await expect(combineMasks(one, other, { rule: "or" })).rejects.toMatchObject({ code: "wrong-grid" });
    }),
  );
});

test("an abort leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) => taken(combineMasks(sliced, mask, { rule: "and", ...control })));
  });
});
