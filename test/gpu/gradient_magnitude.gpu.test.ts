import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude, gradientMagnitudeSlabs } from "../../src/ops/filter/gradient_magnitude.js";
import { median } from "../../src/ops/filter/median.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { gradientReference } from "../reference/gradient_magnitude.js";
import { testBothEngines } from "../support/gpu.js";
import { noise } from "../support/resampling.js";
import { anyHu, collect, shapes, sliceCut, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const spacingMm: Vec3 = [0.75, 0.8, 2];

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size, spacingMm);

  test("the gradient is within 1e-6 of f64, whole and in slabs", async () => {
    const voxels = anyHu(size, 4);
    const expected = gradientReference(voxels, grid);
    for (const cut of wholeAndCut(await engine(), size, 4 * sliceCut(size))) {
      using volume = await uploadVolume(cut, grid, voxels);
      const floats = await collect(gradientMagnitudeSlabs(volume), new Float32Array(voxels.length));
      const errors = floats.map((value, i) => Math.abs(value - expected[i]) / Math.max(expected[i], 1e-30));
      expect(Math.max(...errors)).toBeLessThan(1e-6);
      using rounded = await gradientMagnitude(volume);
      expect(await rounded.read()).toEqual(Int16Array.from(floats, (value) => Math.min(32767, value) + 0.5));
    }
  });
});

test("the gradient of a plane is its slope", async () => {
  const grid = gridOf([12, 11, 10], [0.5, 1, 2.5]);
  const [nx, ny] = grid.size;
  // 4, -2 and 4 HU per mm: 6 together.
  const voxels = Int16Array.from({ length: 12 * 11 * 10 }, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    return 2 * x - 2 * y + 10 * z;
  });
  using volume = await uploadVolume(await engine(), grid, voxels);
  using slope = await gradientMagnitude(volume);
  expect(await slope.read()).toEqual(new Int16Array(voxels.length).fill(6));
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
