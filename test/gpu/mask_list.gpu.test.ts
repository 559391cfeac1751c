import { describe, expect, test } from "vitest";
import type { Control } from "../../src/core/control.js";
import { positionMm, type Vec3, voxelCount } from "../../src/core/grid.js";
import { growFrom } from "../../src/ops/mask/grow_from.js";
import { keepLargest } from "../../src/ops/mask/keep_largest.js";
import { type LabelOptions, labelSlabs } from "../../src/ops/mask/label_slabs.js";
import { type Face, listComponents } from "../../src/ops/mask/list_components.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { growVoxels } from "../reference/grow_from.js";
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
  test.each(neighborhoods)("listed, labeled and kept by size, %i neighbors", async (neighbors) => {
    const { listed, places } = describeVoxels(voxels, grid.size, neighbors);
    await withMask(await engine(), grid, voxels, async (mask) => {
      const { total, components } = await listComponents(mask, { neighbors });
      expect(total).toBe(listed.length);
      expectSame(
        components.flatMap((one) => [one.voxels, ...one.minimum, ...one.maximum, ...one.centroid]),
        listed.slice(0, 1000).flatMap((one) => {
          const centroid = one.sums.map((sum) => Number(sum) / one.voxels);
          return [one.voxels, ...one.minimum, ...one.maximum, ...centroid];
        }),
      );
      const faces = components.map(({ minimum, maximum }) => facesOf(minimum, maximum, grid.size).join());
      expect(components.map((one) => one.faces.join()).join(";")).toBe(faces.join(";"));
      expectSame(await labelsOf(mask, { neighbors }), placesThrough(places, 255));
      const three = placesThrough(places, 3);
      expectSame(await labelsOf(mask, { neighbors, maximumComponents: 3 }), three);
      expectSame(await taken(keepLargest(mask, { count: 3, neighbors })), three.map(Math.sign));
      expectSame(await taken(keepLargest(mask, { count: 1, neighbors })), placesThrough(places, 1));
    });
  });

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

test("a centroid is in patient millimeters, and its sums are beyond 32 bits", async () => {
  const size: Vec3 = [2000, 600, 4];
  const grid = {
    ...gridOf(size, [0.5, 0.75, 2]),
    originMm: [-100, 50, 7] as const,
    direction: [0, 1, 0, -1, 0, 0, 0, 0, 1],
  };
  const voxels = new Uint8Array(2000 * 600 * 4).fill(1);
  // Two blocks: all but one column, which parts them.
  for (let row = 0; row < 2400; row++) voxels[row * 2000 + 1500] = 0;
  await withMask(await engine(), grid, voxels, async (mask) => {
    const { total, components } = await listComponents(mask);
    expect(total).toBe(2);
    expect(components[0]).toEqual({
      voxels: 1500 * 2400,
      minimum: [0, 0, 0],
      maximum: [1499, 599, 3],
      centroid: [749.5, 299.5, 1.5],
      centroidMm: positionMm(grid, [749.5, 299.5, 1.5]),
      faces: ["firstColumn", "firstRow", "lastRow", "firstSlice", "lastSlice"],
    });
    expect(components[0].centroidMm).toEqual([-100 + 299.5 * 0.75, 50 - 749.5 * 0.5, 10]);
    expect(components[1].centroid).toEqual([1750, 299.5, 1.5]);
  });
});

test("a list is cut where asked, and says how many there are", async () => {
  const voxels = Uint8Array.from({ length: 999 }, (_, i) => i & 1);
  await withMask(await engine(), gridOf([999, 1, 1]), voxels, async (mask) => {
    const { total, components } = await listComponents(mask, { maximumComponents: 2 });
    expect(total).toBe(499);
    expect(components.map(({ minimum }) => minimum[0])).toEqual([1, 3]);
  });
});

test("slabs of one slice give the same", async () => {
  const gpu = await engine();
  const grid = gridOf([65, 20, 9]);
  const voxels = noiseVoxels(grid.size, 0.3, 4);
  await withMask(gpu, grid, voxels, async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    expect(await listComponents(sliced)).toEqual(await listComponents(mask));
    expectSame(await labelsOf(sliced, {}), await labelsOf(mask, {}));
    expectSame(await taken(keepLargest(sliced, { count: 5 })), await taken(keepLargest(mask, { count: 5 })));
    expectSame(await taken(growFrom(mask, sliced)), voxels);
  });
});

test("counts out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(keepLargest(mask, { count: 0 })).rejects.toMatchObject(invalid);
    await expect(listComponents(mask, { maximumComponents: 1.5 })).rejects.toMatchObject(invalid);
    await expect(labelsOf(mask, { maximumComponents: 256 })).rejects.toMatchObject(invalid);
    await withMask(await engine(), gridOf([3, 1, 3]), new Uint8Array(9), async (other) => {
      await expect(growFrom(other, mask)).rejects.toMatchObject({ code: "wrong-grid" });
    });
  });
});

test("an abort, or leaving the labels early, leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) => listComponents(sliced, control));
    await expectCleanAborts(gpu, (control) => taken(keepLargest(sliced, { count: 2, ...control })));
    await expectCleanAborts(gpu, (control) => taken(growFrom(mask, sliced, control)));
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

function facesOf(minimum: Vec3, maximum: Vec3, size: Vec3): Face[] {
  const [x, y, z] = size.map((length) => length - 1);
  const touched: [Face, boolean][] = [
    ["firstColumn", minimum[0] === 0],
    ["lastColumn", maximum[0] === x],
    ["firstRow", minimum[1] === 0],
    ["lastRow", maximum[1] === y],
    ["firstSlice", minimum[2] === 0],
    ["lastSlice", maximum[2] === z],
  ];
  return touched.filter(([, touches]) => touches).map(([face]) => face);
}
