import { describe, expect, test } from "vitest";
import { growFrom } from "../../src/ops/mask/grow_from.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { growVoxels } from "../reference/grow_from.js";
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
  test.each(neighborhoods)("grown from a seed, %i neighbors", async (neighbors) => {
    const gpu = await engine();
    const seed = noiseVoxels(grid.size, 2 / 500, 77);
    await withMask(gpu, grid, voxels, (inside) =>
      withMask(gpu, grid, seed, async (seeds) => {
        const grown = await taken(growFrom(seeds, inside, { neighbors }));
        expectSame(grown, growVoxels(seed, voxels, grid.size, neighbors));
        expectSame(await taken(growFrom(inside, inside, { neighbors })), voxels);
      }),
    );
  });
});

test("slabs of one slice give the same", async () => {
  const gpu = await engine();
  const grid = gridOf([65, 20, 9]);
  const voxels = noiseVoxels(grid.size, 0.3, 4);
  await withMask(gpu, grid, voxels, async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    expectSame(await taken(growFrom(mask, sliced)), voxels);
  });
});

test("a seed on another grid is refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    await withMask(await engine(), gridOf([3, 1, 3]), new Uint8Array(9), async (other) => {
      await expect(growFrom(other, mask)).rejects.toMatchObject({ code: "wrong-grid" });
    });
  });
});

test("an abort leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) => taken(growFrom(mask, sliced, control)));
    const held = gpu.memory.bytes;
    expect(gpu.memory.bytes).toBe(held);
    expect(gpu.memory.bytes).toBe(held);
  });
});
