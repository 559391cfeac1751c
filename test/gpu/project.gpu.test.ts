import { describe, expect, test } from "vitest";
import { project, projectionPlanes, projectSum } from "../../src/ops/project/project.js";
import { gatherReference, raysReference } from "../reference/project.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu, shapes, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const kinds = ["maximum", "minimum", "average"] as const;

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size, [0.75, 0.8, 2]);
  const voxels = anyHu(size, size[1] + 11);

  test.each(projectionPlanes)("%s projections are exact, whole and in slabs", async (plane) => {
    for (const cut of wholeAndCut(await engine(), size)) {
      using volume = await uploadVolume(cut, grid, voxels);
      for (const kind of kinds) {
        const image = await project(volume, { plane, kind });
        const expected = raysReference(voxels, grid, plane, gatherReference[kind]);
        expect(firstDifference(image.hu, expected)).toBe(-1);
        expect(image.width * image.height).toBe(expected.length);
      }
      const sums = await projectSum(volume, { plane });
      const expected = raysReference(voxels, grid, plane, gatherReference.sum);
      expect(firstDifference(sums.sumsHu, expected)).toBe(-1);
      expect(sums.voxels * sums.width * sums.height).toBe(voxels.length);
    }
  });
});

test("sums of the ends of int16 along 2048 voxels", async () => {
  const grid = gridOf([2048, 1, 2]);
  const voxels = new Int16Array(4096).fill(-32768).fill(32767, 2048);
  using volume = await uploadVolume(await engine(), grid, voxels);
  expect([...(await projectSum(volume, { plane: "sagittal" })).sumsHu]).toEqual([
    -32768 * 2048,
    32767 * 2048,
  ]);
});

test("averages round halves away from zero", async () => {
  const grid = gridOf([4, 1, 2]);
  using volume = await uploadVolume(await engine(), grid, Int16Array.of(0, -1, 1, 5, 1, 0, 2, -6));
  expect([...(await project(volume, { plane: "axial", kind: "average" })).hu]).toEqual([1, -1, 2, -1]);
});

test("an abort frees all", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([8, 8, 20]), anyHu([8, 8, 20], 3));
  const signal = AbortSignal.abort();
  await expect(project(volume, { plane: "axial", kind: "average", signal })).rejects.toThrow(/abort/i);
  await expect(projectSum(volume, { plane: "sagittal", signal })).rejects.toThrow(/abort/i);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});
