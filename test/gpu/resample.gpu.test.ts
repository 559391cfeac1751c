import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import type { ResampleKernel, ResampleOptions } from "../../src/ops/resample/resample_options.js";
import { originGrid, targetGrid } from "../../src/ops/resample/target_grid.js";
import { type ReferenceOptions, resampleReference, roundHalfAway } from "../reference/resample.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, largestDifference, noise, patientGrid, turnedGrid } from "../support/resampling.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

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

describe.each(sizes)("%i x %i x %i, plain linear", (...size) => {
  const voxels = noise(size, size[0] * 31 + size[2]);
  const grid = gridOf(size, [0.75, 0.8, 2]);

  test.each([[[1, 1, 1]], [[0.4, 1.7, 0.9]], [[3.1, 0.8, 5]]] as [Vec3][])("to %j mm", async (spacingMm) => {
    const options = { spacingMm, antialias: false };
    const expected = resampleReference(voxels, grid, originGrid(grid, spacingMm));
    for (const slabVoxels of [2 ** 22, size[0] * size[1] * 3]) {
      using volume = await uploadVolume(cramped(await engine(), { slabVoxels }), grid, voxels);
      const { hu } = await resampleToFloat(volume, options);
      // f32 lerps of values within +-2048: three roundings of 2^-13 each.
      expect(largestDifference(hu, expected)).toBeLessThan(0.001);
      using rounded = await resample(volume, options);
      expect(await rounded.read()).toEqual(Int16Array.from(hu, roundHalfAway));
    }
  });
});

test.each(sizes)("%i x %i x %i by a spline, shrunk and grown", async (...size) => {
  const voxels = noise(size, size[1]);
  const grid = gridOf(size, [0.75, 0.8, 2]);
  const options = { spacingMm: [1.2, 0.7, 3], align: "edges", kernel: "b-spline" } as const;
  using volume = await uploadVolume(await engine(), grid, voxels);
  const got = await resampleToFloat(volume, options);
  const expected = resampleReference(voxels, grid, got.grid, { kernel: "b-spline", antialias: true });
  expect(largestDifference(got.hu, expected)).toBeLessThan(tolerances["b-spline"]);
});

/** Before rounding, HU within +-2048. */
const tolerances = {
  nearest: 0,
  linear: 0.002,
  "catmull-rom": 0.003,
  "b-spline": 0.01,
  lanczos3: 0.003,
} as const;
const kernels = Object.keys(tolerances) as ResampleKernel[];
const flipped: Grid = {
  size: [9, 20, 5],
  spacingMm: patientGrid.spacingMm,
  originMm: [-113, 32, -386],
  direction: [-1, 0, 0, 0, 1, 0, 0, 0, -1],
};
const permuted: Grid = {
  size: [6, 15, 8],
  spacingMm: [2.9, 0.5, 1.1],
  originMm: [-121, 33.2, -400.25],
  direction: [0, 1, 0, 0, 0, 1, 1, 0, 0],
};
const turned = { onto: turnedGrid([11, 9, 8], 0.9), turned: true };
const targets: [string, ResampleOptions & ReferenceOptions][] = [
  ["aligned by origin, by spacing", { spacingMm: [1, 0.5, 2], align: "origin" }],
  ["aligned by edges, by spacing", { spacingMm: 1.1, align: "edges" }],
  ["aligned by edges, by size, smaller", { size: [4, 3, 2], align: "edges" }],
  ["aligned by corners, by size, smaller and larger", { size: [5, 17, 9], align: "corners" }],
  ["aligned by origin, by size", { size: [20, 5, 7], align: "origin" }],
  ["a single voxel", { size: [1, 1, 1], align: "edges" }],
  ["flipped axes, beyond the border", { onto: flipped }],
  ["flipped axes, a value beyond the border", { onto: flipped, border: { constantHu: -1024 } }],
  ["permuted axes", { onto: permuted, border: { constantHu: 7 } }],
  ["a shrinking transform", { spacingMm: 1, transform: [2, 0, 0, 121, 0, 1.5, 0, -17, 0, 0, 1, 0.3] }],
  ["a turned grid", turned],
  ["a turned grid, a value beyond the border", { ...turned, border: { constantHu: -1000 } }],
  ["a coarse turned grid", { onto: turnedGrid([5, 4, 3], 2.4), turned: true }],
];

describe.each(kernels)("%s", (kernel) => {
  const possible = targets.filter(([, { turned }]) => !(turned && kernel === "lanczos3"));
  const voxels = noise(patientGrid.size, 77);

  test.each(possible)("to %s is what the twin says", async (_, { turned, ...target }) => {
    const grid = targetGrid(patientGrid, target);
    using volume = await uploadVolume(await engine(), patientGrid, voxels);
    for (const antialias of kernel === "nearest" ? [true] : [false, true]) {
      const options = { ...target, kernel, antialias };
      const whole = await resampleToFloat(volume, options);
      expect(whole.grid).toEqual(grid);
      const low = antialias && kernel !== "nearest";
      const expected = resampleReference(voxels, patientGrid, grid, { ...options, turned, antialias: low });
      expect(largestDifference(whole.hu, expected)).toBeLessThanOrEqual(tolerances[kernel]);
      using rounded = await resample(volume, options);
      expect(await rounded.read()).toEqual(Int16Array.from(whole.hu, roundHalfAway));
    }
  });
});
