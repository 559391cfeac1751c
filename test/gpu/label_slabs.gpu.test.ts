import { describe, expect, test } from "vitest";
import type { Control } from "../../src/core/control.js";
import { voxelCount } from "../../src/core/grid.js";
import { type LabelOptions, labelSlabs } from "../../src/ops/mask/label_slabs.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { describeVoxels } from "../reference/list_components.js";
import { testBothEngines } from "../support/gpu.js";
import { expectSame, noiseVoxels, oneSliceEngine, seenBy, withMask } from "../support/mask_results.js";
import { maskCases } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
// The odd ones, for labels themselves are compared on all of them in mask_components.
const cases = maskCases().filter(({ grid }, i) => i % 3 === 0 || grid.size[0] > 200 || grid.size[0] === 1);
const neighborhoods: readonly Neighbors[] = [4, 8, 6, 18, 26];

describe.each(cases)("$name", ({ grid, voxels }) => {
  test.each(neighborhoods)("labeled by size, %i neighbors", async (neighbors) => {
    const { places } = describeVoxels(voxels, grid.size, neighbors);
    await withMask(await engine(), grid, voxels, async (mask) => {
      expectSame(await labelsOf(mask, { neighbors }), placesThrough(places, 255));
      const three = placesThrough(places, 3);
      expectSame(await labelsOf(mask, { neighbors, maximumComponents: 3 }), three);
    });
  });
});

test("slabs of one slice give the same", async () => {
  const gpu = await engine();
  const grid = gridOf([65, 20, 9]);
  const voxels = noiseVoxels(grid.size, 0.3, 4);
  await withMask(gpu, grid, voxels, async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    expectSame(await labelsOf(sliced, {}), await labelsOf(mask, {}));
  });
});

test("counts out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(labelsOf(mask, { maximumComponents: 256 })).rejects.toMatchObject(invalid);
  });
});

test("an abort, or leaving the labels early, leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    const held = gpu.memory.bytes;
    for await (const { z0 } of labelSlabs(sliced)) if (z0 === 1) break;
    expect(gpu.memory.bytes).toBe(held);
    await expect(labelsOf(sliced, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
    expect(gpu.memory.bytes).toBe(held);
  });
});

async function labelsOf(mask: BitMask, options: LabelOptions & Control): Promise<Uint8Array> {
  const labels = new Uint8Array(voxelCount(mask.grid));
  const [columns, rows] = mask.grid.size;
  for await (const { z0, values } of labelSlabs(mask, options)) labels.set(values, z0 * columns * rows);
  return labels;
}

/** Places beyond `last` have no label. */
function placesThrough(places: readonly number[], last: number): number[] {
  return places.map((place) => (place <= last ? place : 0));
}
