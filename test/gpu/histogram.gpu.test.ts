import { describe, expect, test } from "vitest";
import { histogram } from "../../src/ops/value/histogram.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import { countsReference } from "../reference/statistics.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { anyHu, shapes, wholeAndCut } from "../support/shapes.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

function bits(count: number, density: number, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length: count }, () => (next() < density ? 1 : 0));
}

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size);
  // Stretches of equal voxels: what a walk adds at once must be the same count.
  const voxels = anyHu(size, size[0] + 3, 5);
  const chosen = bits(voxels.length, 0.4, size[1]);
  const inside = Array.from(voxels).filter((_, i) => chosen[i] === 1);

  test("the histogram is exact, whole and in slabs, in all voxels and in a mask", async () => {
    for (const cut of wholeAndCut(await engine(), size)) {
      using volume = await uploadVolume(cut, grid, voxels);
      using mask = await uploadMask(cut, grid, chosen);
      const all = await histogram(volume);
      const masked = await histogram(volume, { mask });
      expect(firstDifference(all.counts, countsReference(Array.from(voxels)))).toBe(-1);
      expect(firstDifference(masked.counts, countsReference(inside))).toBe(-1);
      expect([all.voxels, masked.voxels]).toEqual([voxels.length, inside.length]);
    }
  });
});

test("a million equal voxels, where every atomic meets every other", async () => {
  const size = [128, 128, 64] as const;
  const voxels = new Int16Array(128 * 128 * 64).fill(-1024);
  using volume = await uploadVolume(await engine(), gridOf(size), voxels);
  const { meanHu, deviationHu, minimumHu, maximumHu } = await statistics(volume);
  expect({ meanHu, deviationHu, minimumHu, maximumHu }).toEqual({
    meanHu: -1024,
    deviationHu: 0,
    minimumHu: -1024,
    maximumHu: -1024,
  });
});

test("an abort stops between slabs, and nothing is left behind", async () => {
  const gpu = await engine();
  const size = [8, 8, 20] as const;
  const [, cut] = wholeAndCut(gpu, size, 1);
  using volume = await uploadVolume(cut, gridOf(size), anyHu(size, 3));
  const controller = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done);
    if (done === 3) controller.abort();
  };
  await expect(histogram(volume, { signal: controller.signal, onProgress })).rejects.toThrow(/abort/i);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});

test.each([
  ["a mask of another size", gridOf([4, 4, 5])],
  ["a mask of another width", gridOf([5, 4, 4])],
])("%s is refused", async (_, other) => {
  const gpu = await engine();
  using volume: CtVolume = await uploadVolume(gpu, gridOf([4, 4, 4]), anyHu([4, 4, 4], 1));
  using mask = await uploadMask(gpu, other, new Uint8Array(other.size[0] * other.size[1] * other.size[2]));
  await expect(histogram(volume, { mask })).rejects.toMatchObject({ code: "wrong-grid" });
});

test("a volume that 32 bits cannot count is refused before anything is allocated", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([2, 2, 1]), new Int16Array(4));
  const vast = new CtVolume(volume.engine, gridOf([2048, 2048, 1024]), volume.buffer);
  await expect(histogram(vast)).rejects.toMatchObject({ code: "limit-exceeded" });
});
