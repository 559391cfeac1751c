import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { projectionPlanes, projectMaximum } from "../../src/ops/project.js";
import { resample, resampleToFloat } from "../../src/ops/resample.js";
import { originGrid } from "../../src/ops/resample_grid.js";
import { windowSlabs } from "../../src/ops/window.js";
import { projectReference } from "../reference/project.js";
import { resampleReference, roundHalfAway } from "../reference/resample.js";
import { windowReference } from "../reference/window.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

/** Odd, even, one-voxel and slab-crossing shapes. */
const sizes: Vec3[] = [
  [1, 1, 1],
  [2, 1, 3],
  [1, 9, 2],
  [31, 5, 4],
  [33, 17, 9],
  [64, 3, 40],
  [2048, 2, 2],
  [3, 2048, 1],
  [2, 3, 2048],
];

function noise([nx, ny, nz]: Vec3, seed: number): Int16Array {
  const next = random(seed);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 65536) - 32768);
}

/** The same engine, with limits so small that every volume here is cut into slabs. */
function cramped(whole: Engine, slabVoxels: number): Engine {
  return { ...whole, limits: { ...whole.limits, slabVoxels } };
}

describe.each(sizes)("%i x %i x %i", (...size) => {
  const voxels = noise(size, size[0] * 31 + size[2]);
  const grid = gridOf(size, [0.75, 0.8, 2]);

  test.each(projectionPlanes)("the %s maximum is exact, whole and in slabs", async (plane) => {
    const expected = projectReference(voxels, grid, plane);
    for (const slabVoxels of [2 ** 22, size[0] * size[1] * 3]) {
      using volume = await uploadVolume(cramped(await engine(), slabVoxels), grid, voxels);
      const image = await projectMaximum(volume, { plane });
      expect(image.hu).toEqual(expected);
      expect(image.width * image.height).toBe(expected.length);
    }
  });

  test("windowing is the nearest float32 of the quotient", async () => {
    const expected = windowReference(voxels, -1000, 400);
    for (const slabVoxels of [2 ** 22, size[0] * size[1] * 3]) {
      using volume = await uploadVolume(cramped(await engine(), slabVoxels), grid, voxels);
      const got = new Float32Array(voxels.length);
      for await (const slab of windowSlabs(volume, { lowHu: -1000, highHu: 400 })) {
        got.set(slab.values, slab.z0 * size[0] * size[1]);
      }
      expect(got).toEqual(expected);
    }
  });

  test.each([[[1, 1, 1]], [[0.4, 1.7, 0.9]], [[3.1, 0.8, 5]]] as [Vec3][])(
    "resampling to %j mm",
    async (spacingMm) => {
      const quiet = voxels.map((hu) => hu >> 4);
      for (const slabVoxels of [2 ** 22, size[0] * size[1] * 3]) {
        using volume = await uploadVolume(cramped(await engine(), slabVoxels), grid, quiet);
        const expected = resampleReference(quiet, grid, originGrid(grid, spacingMm));
        const { hu } = await resampleToFloat(volume, { spacingMm });
        expect(hu.length).toBe(expected.length);
        // f32 lerps of values within +-2048: three roundings of 2^-13 each.
        expect(largestDifference(hu, expected)).toBeLessThan(0.001);
        using rounded = await resample(volume, { spacingMm });
        const integers = await rounded.read();
        expect(largestDifference(integers, expected)).toBeLessThanOrEqual(0.501);
        expect(integers).toEqual(Int16Array.from(hu, roundHalfAway));
      }
    },
  );
});

test("resampling to the spacing it has changes nothing", async () => {
  const grid = gridOf([33, 18, 7], [0.7, 0.7, 1.3]);
  const voxels = noise(grid.size, 5);
  using volume = await uploadVolume(await engine(), grid, voxels);
  using same = await resample(volume, { spacingMm: grid.spacingMm });
  expect(same.grid).toEqual(grid);
  expect(await same.read()).toEqual(voxels);
});

test("an abort stops between slabs, and nothing is left behind", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(cramped(gpu, 64), gridOf([8, 8, 20]), noise([8, 8, 20], 3));
  const controller = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done);
    if (done === 3) controller.abort();
  };
  await expect(resample(volume, { spacingMm: 0.5, signal: controller.signal, onProgress })).rejects.toThrow(
    /abort/i,
  );
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});

test.each([
  ["a window upside down", (v) => windowSlabs(v, { lowHu: 400, highHu: -1000 }).next()],
  ["a spacing of zero", (v) => resample(v, { spacingMm: 0 })],
  ["a spacing that is no number", (v) => resample(v, { spacingMm: Number.NaN })],
] as [string, (volume: Parameters<typeof resample>[0]) => Promise<unknown>][])(
  "%s is refused",
  async (_, act) => {
    using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
    await expect(act(volume)).rejects.toMatchObject({ code: "invalid-option" });
  },
);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
