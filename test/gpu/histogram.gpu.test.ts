import { describe, expect, test } from "vitest";
import { histogram, runningHistogram } from "../../src/ops/value/histogram.js";
import { binHistogram, percentileHu, statistics, statisticsOf } from "../../src/ops/value/statistics.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
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

test.each([48, 100, 959])(
  "more voxels than 32 bits count are counted in turns (here %i at a time)",
  async (most) => {
    const gpu = await engine();
    const size = [8, 6, 20] as const;
    const [, cut] = wholeAndCut(gpu, size, 1);
    using volume = await uploadVolume(cut, gridOf(size), anyHu(size, 7));
    const bits = Uint8Array.from({ length: 960 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    using mask = await uploadMask(cut, gridOf(size), bits);
    const running = await runningHistogram(cut, most);
    await running.add(volume);
    await running.add(volume, { mask });
    const counted = await running.read();
    // As often as it is asked.
    expect(await running.read()).toEqual(counted);
    running.destroy();
    const [all, masked] = [await histogram(volume), await histogram(volume, { mask })];
    expect(all.counts).toBeInstanceOf(Uint32Array);
    expect(counted.counts).toBeInstanceOf(Float64Array);
    expect([...counted.counts]).toEqual(Array.from(all.counts, (count, i) => count + masked.counts[i]));
    expect(counted.voxels).toBe(960 + 320);
    expect(percentileHu(counted, { percent: 50 })).toBe(
      percentileHu({ ...counted, counts: Uint32Array.from(counted.counts) }, { percent: 50 }),
    );
  },
);

test("bins and statistics hold counts beyond 32 bits", () => {
  const counts = new Float64Array(65536);
  counts[32768 - 1024] = 6e9;
  counts[32768 + 40] = 2e9;
  const counted = { counts, voxels: 8e9 };
  expect(statisticsOf(counted)).toMatchObject({ voxels: 8e9, meanHu: -758, minimumHu: -1024, maximumHu: 40 });
  expect(percentileHu(counted, { percent: 75.1, method: "nearest-rank" })).toBe(40);
  const binned = binHistogram(counted, { fromHu: -1024, binHu: 500, bins: 2 });
  expect([...binned.counts, binned.above]).toEqual([6e9, 0, 2e9]);
});
