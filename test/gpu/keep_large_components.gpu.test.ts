import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { keepLargeComponents } from "../../src/ops/mask/keep_large_components.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { keepLargeVoxels } from "../reference/keep_large_components.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { maskCases, uploadMask } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
const cases = maskCases();

describe.each(cases)("$name", ({ grid, voxels }) => {
  test("large components equal their twin", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const { size } = grid;
      for (const minimumFraction of [0, 0.1, 0.5, 1]) {
        const large = await taken(keepLargeComponents(mask, { minimumFraction }));
        same(large, keepLargeVoxels(voxels, size, minimumFraction));
      }
      same(await mask.read(), voxels);
    });
  });
});

test("a component of exactly the fraction of the largest is large, one voxel less is not", async () => {
  // Counts beyond 16 bits, so that all parts of the 64-bit products matter.
  const grid = gridOf([1000, 700, 9]);
  const slice = 700_000;
  const voxels = new Uint8Array(slice * 9);
  [slice, 70_000, 69_999, 42_000, 41_999].forEach((count, i) => {
    voxels.fill(1, 2 * i * slice, 2 * i * slice + count);
  });
  await withMask(await engine(), grid, voxels, async (mask) => {
    const smaller = await taken(keepLargeComponents(mask, { minimumFraction: 0.06 }));
    same(smaller, voxels.fill(0, 8 * slice));
    const tenth = await taken(keepLargeComponents(mask, { minimumFraction: 0.1 }));
    same(tenth, voxels.fill(0, 4 * slice));
  });
});

test("options out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(keepLargeComponents(mask, { minimumFraction: 1.1 })).rejects.toMatchObject(invalid);
    await expect(keepLargeComponents(mask, { minimumFraction: Number.NaN })).rejects.toMatchObject(invalid);
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
