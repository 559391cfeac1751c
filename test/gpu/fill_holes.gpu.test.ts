import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { fillHoles } from "../../src/ops/mask/fill_holes.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { fillVoxelHoles } from "../reference/fill_holes.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { maskCases, uploadMask } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
const cases = maskCases();

describe.each(cases)("$name", ({ grid, voxels }) => {
  test("filled holes equal their twin", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const { size } = grid;
      const perVolume = { perSlice: false } as const;
      same(await taken(fillHoles(mask)), fillVoxelHoles(voxels, size));
      same(await taken(fillHoles(mask, { maximumAreaMm2: 3 })), fillVoxelHoles(voxels, size, 3));
      const all = Number.POSITIVE_INFINITY;
      same(await taken(fillHoles(mask, perVolume)), fillVoxelHoles(voxels, size, all, false));
      same(await mask.read(), voxels);
    });
  });
});

test("the hole limit is in mm²", async () => {
  const grid = gridOf([8, 5, 1], [0.5, 2, 3]);
  const ring = [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 0, 0, 1, 1, 0, 0, 1],
    [1, 1, 1, 1, 1, 0, 1, 1],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 0, 1, 1, 1, 1],
  ];
  const voxels = Uint8Array.from(ring.flat());
  await withMask(await engine(), grid, voxels, async (mask) => {
    const filled = await taken(fillHoles(mask, { maximumAreaMm2: 2.999 }));
    expect(filled).toEqual(voxels.map((voxel, i) => (i === 9 || i === 10 ? 1 : voxel)));
    expect(await taken(fillHoles(mask, { maximumAreaMm2: 3 }))).toEqual(
      voxels.map((voxel, i) => (i === 35 ? voxel : 1)),
    );
  });
});

test("options out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(fillHoles(mask, { maximumAreaMm2: -1 })).rejects.toMatchObject(invalid);
  });
});

function same(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(firstDifference(actual, expected)).toBe(-1);
}

async function withMask(
  gpu: Engine,
  grid: Grid,
  voxels: Uint8Array,
  use: (mask: BitMask) => Promise<void>,
): Promise<void> {
  await withScratch(async (scratch) => use(scratch.own(await uploadMask(gpu, grid, voxels))));
}

/** The voxels of a mask, which is destroyed. */
async function taken(made: Promise<BitMask>): Promise<Uint8Array> {
  const mask = await made;
  const voxels = await mask.read();
  mask.destroy();
  return voxels;
}
