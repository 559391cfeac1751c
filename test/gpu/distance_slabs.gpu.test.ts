import { describe, expect, test } from "vitest";
import { type Vec3, voxelCount } from "../../src/core/grid.js";
import { type DistanceOptions, distanceSlabs } from "../../src/ops/mask/distance_slabs.js";
import { dilate } from "../../src/ops/mask/morphology.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { distanceVoxels } from "../reference/distance_slabs.js";
import { testBothEngines } from "../support/gpu.js";
import {
  blobVoxels,
  expectSame,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  taken,
  withMask,
} from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

const shapes: readonly { size: Vec3; spacingMm: Vec3 }[] = [
  { size: [1, 1, 1], spacingMm: [1, 1, 1] },
  { size: [1, 40, 33], spacingMm: [0.7, 0.7, 2] },
  { size: [31, 1, 20], spacingMm: [0.7, 0.8, 2] },
  { size: [32, 33, 1], spacingMm: [1, 1, 1] },
  { size: [33, 20, 9], spacingMm: [0.7, 0.7, 2] },
  { size: [63, 14, 6], spacingMm: [0.6, 1.4, 0.7] },
  { size: [65, 21, 6], spacingMm: [0.703125, 0.703125, 1.25] },
  { size: [2047, 2, 2], spacingMm: [0.5, 40, 700] },
];

describe.each(shapes)("$size of $spacingMm mm", ({ size, spacingMm }) => {
  const grid = gridOf(size, spacingMm);

  test.each([0.0008, 0.02, 0.2])("all distances to a fraction of %f equal trying all", async (density) => {
    const voxels = noiseVoxels(size, density, size[0]);
    await withMask(await engine(), grid, voxels, async (mask) => {
      expect(farthestOff(await distances(mask), distanceVoxels(voxels, grid))).toBeLessThanOrEqual(1e-4);
    });
  });

  test.each([0, 2.1, 7])("those up to %f mm too", async (maximumMm) => {
    const voxels = noiseVoxels(size, 0.01, size[1]);
    await withMask(await engine(), grid, voxels, async (mask) => {
      const expected = distanceVoxels(voxels, grid, maximumMm);
      expect(farthestOff(await distances(mask, { maximumMm }), expected)).toBeLessThanOrEqual(1e-4);
    });
  });
});

test("anatomy, with a distance to one far voxel", async () => {
  const grid = gridOf([66, 30, 8], [0.8, 0.8, 2.5]);
  for (const voxels of [
    blobVoxels(grid, 5, 2),
    Uint8Array.from({ length: voxelCount(grid) }, (_, i) => (i ? 0 : 1)),
  ]) {
    await withMask(await engine(), grid, voxels, async (mask) => {
      expect(farthestOff(await distances(mask), distanceVoxels(voxels, grid))).toBeLessThanOrEqual(1e-4);
    });
  }
});

test("an empty mask is infinitely far, a full one nowhere", async () => {
  const grid = gridOf([33, 5, 4]);
  await withMask(await engine(), grid, new Uint8Array(660), async (mask) => {
    expectSame(await distances(mask), new Float32Array(660).fill(Number.POSITIVE_INFINITY));
  });
  await withMask(await engine(), grid, new Uint8Array(660).fill(1), async (mask) => {
    expectSame(await distances(mask), new Float32Array(660));
  });
});

test("within a distance is what a ball of it dilates to", async () => {
  const grid = gridOf([61, 44, 13], [0.7, 0.7, 1.6]);
  const voxels = blobVoxels(grid, 6, 8);
  await withMask(await engine(), grid, voxels, async (mask) => {
    // Between any two distances that this grid has: sqrt(0.49 n + 2.56 m).
    const within = await distances(mask, { maximumMm: 4.7501 });
    const ball = await taken(dilate(mask, { shape: "ball", radiusMm: 4.7501 }));
    expectSame(
      Array.from(within, (mm) => (mm <= 4.7501 ? 1 : 0)),
      ball,
    );
  });
});

test("slabs of one slice give the same", async () => {
  const gpu = await engine();
  const grid = gridOf([33, 15, 9], [0.7, 0.7, 2]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.004, 12), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    expectSame(await distances(sliced), await distances(mask));
    expectSame(await distances(sliced, { maximumMm: 3 }), await distances(mask, { maximumMm: 3 }));
  });
});

test("a maximum that is none is refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(distances(mask, { maximumMm: -1 })).rejects.toMatchObject(invalid);
    await expect(distances(mask, { maximumMm: Number.NaN })).rejects.toMatchObject(invalid);
  });
});

test("an abort at any time, or leaving early, leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    const held = gpu.memory.bytes;
    for (let stop = 0; stop < 13; stop++) {
      const abort = new AbortController();
      let seen = 0;
      const onProgress = () => seen++ === stop && abort.abort(new Error("enough"));
      const cut = (async () => {
        for await (const { z0 } of distanceSlabs(sliced, { signal: abort.signal, onProgress }))
          expect(z0).toBeLessThan(4);
      })();
      await expect(cut).rejects.toThrow("enough");
      expect(gpu.memory.bytes).toBe(held);
    }
    for await (const { z0 } of distanceSlabs(sliced)) if (z0 === 1) break;
    expect(gpu.memory.bytes).toBe(held);
  });
});

async function distances(mask: BitMask, options: DistanceOptions = {}): Promise<Float32Array> {
  const [columns, rows] = mask.grid.size;
  const all = new Float32Array(voxelCount(mask.grid));
  for await (const { z0, values } of distanceSlabs(mask, options)) all.set(values, z0 * columns * rows);
  return all;
}

/** The largest difference, where both are infinite none. */
function farthestOff(actual: Float32Array, expected: Float64Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, mm, i) => Math.max(most, actual[i] === mm ? 0 : Math.abs(actual[i] - mm)), 0);
}
