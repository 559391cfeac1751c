import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { projectionPlanes, projectMaxima, projectMaximum } from "../../src/ops/project/project.js";
import { windowSlabs } from "../../src/ops/value/window_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { projectReference } from "../reference/project.js";
import { windowReference } from "../reference/window_slabs.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

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

  test("all three maxima at once are each by itself, whole and in slabs", async () => {
    for (const slabVoxels of [2 ** 22, size[0] * size[1] * 3]) {
      using volume = await uploadVolume(cramped(await engine(), slabVoxels), grid, voxels);
      const images = await projectMaxima(volume);
      expect(images.map(({ plane }) => plane)).toEqual(projectionPlanes);
      for (const image of images) expect(image).toEqual(await projectMaximum(volume, { plane: image.plane }));
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
});

test.each([["a window upside down", (v) => windowSlabs(v, { lowHu: 400, highHu: -1000 }).next()]] as [
  string,
  (volume: CtVolume) => Promise<unknown>,
][])("%s is refused", async (_, act) => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
  await expect(act(volume)).rejects.toMatchObject({ code: "invalid-option" });
});
