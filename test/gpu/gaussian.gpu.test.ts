import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude, gradientMagnitudeSlabs } from "../../src/ops/filter/gradient_magnitude.js";
import { median } from "../../src/ops/filter/median.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { gaussianReference } from "../reference/gaussian.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, largestDifference, noise } from "../support/resampling.js";
import { shapes, sliceCut, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const spacingMm: Vec3 = [0.75, 0.8, 2];

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size, spacingMm);

  test("the Gaussian is within 0.01 HU of f64 before rounding, whole and in slabs", async () => {
    const voxels = noise(size, 3);
    const sigmaMm: Vec3 = [1.1, 0.7, 1.9];
    const expected = gaussianReference(voxels, grid, sigmaMm);
    for (const cut of wholeAndCut(await engine(), size, 8 * sliceCut(size))) {
      using volume = await uploadVolume(cut, grid, voxels);
      using filtered = await gaussian(volume, { sigmaMm });
      expect(largestDifference(await filtered.read(), expected)).toBeLessThanOrEqual(0.51);
    }
  });
});

test("a slab's sums over several bindings are those over one", async () => {
  const gpu = await engine();
  const grid = gridOf([12, 9, 30], [1, 1, 1]);
  using volume = await uploadVolume(gpu, grid, noise(grid.size, 6));
  // A slice is 216 bytes: 4 of them fit a binding, where a slab needs 17 and more.
  const cut = cramped(gpu, { maxBindingBytes: 256 + 4 * 216 });
  using parted = await uploadVolume(cut, grid, noise(grid.size, 6));
  using whole = await gaussian(volume, { sigmaMm: 2 });
  using summed = await gaussian(parted, { sigmaMm: 2 });
  expect(firstDifference(await summed.read(), await whole.read())).toBe(-1);
});

test("a Gaussian keeps a constant, even at the ends of int16, and leaves an axis of sigma 0", async () => {
  const gpu = await engine();
  const grid = gridOf([21, 10, 9]);
  for (const hu of [-32768, -1024, 32767]) {
    const voxels = new Int16Array(21 * 10 * 9).fill(hu);
    using volume = await uploadVolume(gpu, grid, voxels);
    using same = await gaussian(volume, { sigmaMm: 1.3 });
    expect(await same.read()).toEqual(voxels);
  }
  const voxels = noise(grid.size, 8);
  using volume = await uploadVolume(gpu, grid, voxels);
  using same = await gaussian(volume, { sigmaMm: 0 });
  expect(await same.read()).toEqual(voxels);
  using alongX = await gaussian(volume, { sigmaMm: [1.5, 0, 0] });
  expect(largestDifference(await alongX.read(), gaussianReference(voxels, grid, [1.5, 0, 0]))).toBeLessThan(
    0.51,
  );
});

test("a point smoothed has the Gaussian's variance, in mm, along every axis", async () => {
  const grid = gridOf([33, 29, 17], [0.5, 0.6, 1.1]);
  const [nx, ny] = grid.size;
  const voxels = new Int16Array(33 * 29 * 17);
  voxels[(8 * ny + 14) * nx + 16] = 32000;
  using volume = await uploadVolume(await engine(), grid, voxels);
  using smooth = await gaussian(volume, { sigmaMm: 1 });
  const hu = await smooth.read();
  const total = hu.reduce((sum, value) => sum + value, 0);
  [16, 14, 8].forEach((center, axis) => {
    const variance = hu.reduce((sum, value, i) => {
      const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))][axis];
      return sum + value * ((at - center) * grid.spacingMm[axis]) ** 2;
    }, 0);
    // Rounding to whole HU cuts the tails off; 4 sigma alone would leave 0.999.
    expect(variance / total).toBeGreaterThan(0.95);
    expect(variance / total).toBeLessThan(1.01);
  });
});

test.each([
  ["median", (v: CtVolume, signal: AbortSignal) => median(v, { signal })],
  ["gaussian", (v: CtVolume, signal: AbortSignal) => gaussian(v, { sigmaMm: 1, signal })],
  ["gradient", (v: CtVolume, signal: AbortSignal) => gradientMagnitude(v, { signal })],
  ["gradient slabs", (v: CtVolume, signal: AbortSignal) => gradientMagnitudeSlabs(v, { signal }).next()],
])("an aborted %s leaves nothing behind", async (_, act) => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([8, 8, 8]), noise([8, 8, 8], 1));
  await expect(act(volume, AbortSignal.abort())).rejects.toThrow(/abort/i);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});

test.each([-1, Number.NaN, 1000, [1, 1, -1] as const])("a sigma of %s mm is refused", async (sigmaMm) => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
  await expect(gaussian(volume, { sigmaMm })).rejects.toMatchObject({ code: "invalid-option" });
});
