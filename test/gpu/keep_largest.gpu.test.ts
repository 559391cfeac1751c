import { describe, expect, test } from "vitest";
import { keepLargest } from "../../src/ops/mask/keep_largest.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { describeVoxels } from "../reference/list_components.js";
import { testBothEngines } from "../support/gpu.js";
import {
  expectCleanAborts,
  expectSame,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  taken,
  withMask,
} from "../support/mask_results.js";
import { maskCases } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
// The odd ones, for labels themselves are compared on all of them in mask_components.
const cases = maskCases().filter(({ grid }, i) => i % 3 === 0 || grid.size[0] > 200 || grid.size[0] === 1);
const neighborhoods: readonly Neighbors[] = [4, 8, 6, 18, 26];

describe.each(cases)("$name", ({ grid, voxels }) => {
  test.each(neighborhoods)("kept by size, %i neighbors", async (neighbors) => {
    const { places } = describeVoxels(voxels, grid.size, neighbors);
    await withMask(await engine(), grid, voxels, async (mask) => {
      const three = placesThrough(places, 3);
      expectSame(await taken(keepLargest(mask, { count: 3, neighbors })), three.map(Math.sign));
      expectSame(await taken(keepLargest(mask, { count: 1, neighbors })), placesThrough(places, 1));
    });
  });
});

test("slabs of one slice give the same", async () => {
  const gpu = await engine();
  const grid = gridOf([65, 20, 9]);
  const voxels = noiseVoxels(grid.size, 0.3, 4);
  await withMask(gpu, grid, voxels, async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    expectSame(await taken(keepLargest(sliced, { count: 5 })), await taken(keepLargest(mask, { count: 5 })));
  });
});

test("counts out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(keepLargest(mask, { count: 0 })).rejects.toMatchObject(invalid);
  });
});

test("an abort leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) => taken(keepLargest(sliced, { count: 2, ...control })));
    const held = gpu.memory.bytes;
    expect(gpu.memory.bytes).toBe(held);
    expect(gpu.memory.bytes).toBe(held);
  });
});

/** Places beyond `last` have no label. */
function placesThrough(places: readonly number[], last: number): number[] {
  return places.map((place) => (place <= last ? place : 0));
}
