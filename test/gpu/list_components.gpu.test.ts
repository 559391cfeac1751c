import { describe, expect, test } from "vitest";
import { positionMm, type Vec3 } from "../../src/core/grid.js";
import { type Face, listComponents } from "../../src/ops/mask/list_components.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { describeVoxels } from "../reference/list_components.js";
import { testBothEngines } from "../support/gpu.js";
import {
  expectCleanAborts,
  expectSame,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  withMask,
} from "../support/mask_results.js";
import { maskCases } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
// The odd ones, for labels themselves are compared on all of them in mask_components.
const cases = maskCases().filter(({ grid }, i) => i % 3 === 0 || grid.size[0] > 200 || grid.size[0] === 1);
const neighborhoods: readonly Neighbors[] = [4, 8, 6, 18, 26];

describe.each(cases)("$name", ({ grid, voxels }) => {
  test.each(neighborhoods)("listed, %i neighbors", async (neighbors) => {
    const { listed } = describeVoxels(voxels, grid.size, neighbors);
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
    });
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
  });
});

test("counts out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(listComponents(mask, { maximumComponents: 1.5 })).rejects.toMatchObject(invalid);
  });
});

test("an abort leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) => listComponents(sliced, control));
    const held = gpu.memory.bytes;
    expect(gpu.memory.bytes).toBe(held);
    expect(gpu.memory.bytes).toBe(held);
  });
});

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
