import { expect, test } from "vitest";
import { positionMm } from "../../src/core/grid.js";
import { projectionPlanes, projectMaximum } from "../../src/ops/project/project.js";
import {
  projectThickSlabs,
  type ThickSlab,
  type ThickSlabOptions,
} from "../../src/ops/project/project_thick_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { gatherReference, raysReference } from "../reference/project.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

const cases: [name: string, options: ThickSlabOptions, ranges: [number, number][]][] = [
  // 9 slices of 2 mm.
  [
    "touching, the last thinner",
    { plane: "axial", kind: "maximum", thicknessMm: 4 },
    [
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
      [8, 9],
    ],
  ],
  [
    "overlapping",
    { plane: "axial", kind: "average", thicknessMm: 8, stepMm: 4 },
    [
      [0, 4],
      [2, 6],
      [4, 8],
      [6, 9],
    ],
  ],
  [
    "apart",
    { plane: "axial", kind: "minimum", thicknessMm: 4, stepMm: 10 },
    [
      [0, 2],
      [5, 7],
    ],
  ],
  [
    "of no whole number of voxels",
    { plane: "axial", kind: "average", thicknessMm: 5 },
    [
      [0, 2],
      [2, 5],
      [5, 7],
      [7, 9],
    ],
  ],
  ["thicker than the volume", { plane: "axial", kind: "average", thicknessMm: 500 }, [[0, 9]]],
  // 17 rows of 0.8 mm, 33 columns of 0.7 mm.
  [
    "along y",
    { plane: "coronal", kind: "minimum", thicknessMm: 5.6 },
    [
      [0, 7],
      [7, 14],
      [14, 17],
    ],
  ],
  [
    "along x, from odd columns to odd ones",
    { plane: "sagittal", kind: "maximum", thicknessMm: 4.9, stepMm: 7.7 },
    [
      [0, 7],
      [11, 18],
      [22, 29],
    ],
  ],
  [
    "averaged along x",
    { plane: "sagittal", kind: "average", thicknessMm: 4.9, stepMm: 7.7 },
    [
      [0, 7],
      [11, 18],
      [22, 29],
    ],
  ],
];

test.each(cases)("thick slabs %s", async (_, options, ranges) => {
  const size = [33, 17, 9] as const;
  const grid = { ...gridOf(size, [0.7, 0.8, 2]), originMm: [-10, 20, 30] as const };
  const voxels = anyHu(size, 21);
  const { plane, kind } = options;
  for (const cut of wholeAndCut(await engine(), size, 2)) {
    using volume = await uploadVolume(cut, grid, voxels);
    const slabs: ThickSlab[] = [];
    for await (const slab of projectThickSlabs(volume, options)) slabs.push(slab);
    expect(slabs.map(({ from, end }) => [from, end])).toEqual(ranges);
    for (const { from, end, hu, originMm } of slabs) {
      const expected = raysReference(voxels, grid, plane, gatherReference[kind], from, end);
      expect(firstDifference(hu, expected)).toBe(-1);
      const middle = (from + end - 1) / 2;
      const index = { axial: [0, 0, middle], coronal: [0, middle, 0], sagittal: [middle, 0, 0] } as const;
      expect(originMm).toEqual(positionMm(grid, index[plane]));
    }
  }
});

test("slabs of the whole axis are the projection", async () => {
  const grid = gridOf([12, 11, 10], [0.7, 0.7, 0.7]);
  using volume = await uploadVolume(await engine(), grid, anyHu(grid.size, 2));
  for (const plane of projectionPlanes) {
    const whole = await projectMaximum(volume, { plane });
    for await (const slab of projectThickSlabs(volume, { plane, kind: "maximum", thicknessMm: 8.4 })) {
      expect(slab).toMatchObject(whole);
    }
  }
});

test("an abort, or leaving early, frees all", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([8, 8, 20]), anyHu([8, 8, 20], 3));
  const options = { plane: "axial", kind: "average", thicknessMm: 2 } as const;
  for await (const { from } of projectThickSlabs(volume, options)) if (from === 4) break;
  const signal = AbortSignal.abort();
  await expect(projectThickSlabs(volume, { ...options, signal }).next()).rejects.toThrow(/abort/i);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});

test.each([
  ["thinner than a voxel", { thicknessMm: 1.9 }],
  ["of no thickness", { thicknessMm: Number.NaN }],
  ["with steps shorter than a voxel", { thicknessMm: 4, stepMm: 1 }],
  ["with steps of 0", { thicknessMm: 4, stepMm: 0 }],
])("slabs %s are refused", async (_, sizes) => {
  using volume: CtVolume = await uploadVolume(
    await engine(),
    gridOf([4, 4, 4], [1, 1, 2]),
    anyHu([4, 4, 4], 1),
  );
  const slabs = projectThickSlabs(volume, { plane: "axial", kind: "maximum", ...sizes });
  await expect(slabs.next()).rejects.toMatchObject({ code: "invalid-option" });
});
