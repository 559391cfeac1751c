import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude, gradientMagnitudeSlabs } from "../../src/ops/filter/gradient_magnitude.js";
import { median } from "../../src/ops/filter/median.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { medianReference } from "../reference/median.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, noise } from "../support/resampling.js";
import { anyHu, shapes, sliceCut, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const spacingMm: Vec3 = [0.75, 0.8, 2];

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size, spacingMm);

  test("the median is the middle of 27, whole and in slabs", async () => {
    // Few values make ties, all values reach the ends of int16.
    for (const voxels of [anyHu(size, 1), noise(size, 2).map((hu) => hu >> 9)]) {
      const expected = medianReference(voxels, grid);
      for (const cut of wholeAndCut(await engine(), size, 8 * sliceCut(size))) {
        using volume = await uploadVolume(cut, grid, voxels);
        using filtered = await median(volume);
        expect(firstDifference(await filtered.read(), expected)).toBe(-1);
      }
    }
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

test("an abort takes effect within a slab", async () => {
  const [, cut] = wholeAndCut(await engine(), [8, 8, 20], 16);
  using volume = await uploadVolume(cut, gridOf([8, 8, 20]), noise([8, 8, 20], 1));
  const controller = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done);
    if (done === 2) controller.abort();
  };
  await expect(median(volume, { signal: controller.signal, onProgress })).rejects.toThrow(/abort/i);
  expect(seen).toEqual([0, 1, 2]);
});

test("slices too large for a binding are refused", async () => {
  const cut = cramped(await engine(), { maxBindingBytes: 2048 });
  using volume = await uploadVolume(cut, gridOf([64, 64, 4]), new Int16Array(64 * 64 * 4));
  await expect(median(volume)).rejects.toMatchObject({ code: "limit-exceeded" });
});
