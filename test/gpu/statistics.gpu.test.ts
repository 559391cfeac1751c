import { describe, expect, test } from "vitest";
import { histogram } from "../../src/ops/value/histogram.js";
import { normalizationOf, normalizeSlabs } from "../../src/ops/value/normalize_slabs.js";
import {
  binHistogram,
  type PercentileMethod,
  percentileHu,
  statistics,
} from "../../src/ops/value/statistics.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import {
  countsReference,
  nearestRankReference,
  percentileReference,
  statisticsReference,
} from "../reference/statistics.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { expectedOf, hasPatients, type PatientExpected, readPatient } from "../support/real_patients.js";
import { anyHu, collect, shapes, wholeAndCut } from "../support/shapes.js";
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

  test("statistics are their definitions", async () => {
    using volume = await uploadVolume(await engine(), grid, voxels);
    const { histogram: counted, ...got } = await statistics(volume);
    const expected = statisticsReference(Array.from(voxels));
    expect({ ...got, meanHu: 0, deviationHu: 0 }).toEqual({ ...expected, meanHu: 0, deviationHu: 0 });
    expect(got.meanHu).toBeCloseTo(expected.meanHu, 8);
    expect(got.deviationHu).toBeCloseTo(expected.deviationHu, 8);
    const twins: Record<PercentileMethod, typeof percentileReference> = {
      linear: percentileReference,
      "nearest-rank": nearestRankReference,
    };
    for (const method of ["linear", "nearest-rank"] as const) {
      for (const percent of [0, 0.5, 33, 50, 99.5, 100]) {
        const value = twins[method](Array.from(voxels), percent);
        expect(percentileHu(counted, { percent, method })).toBeCloseTo(value, 8);
      }
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

test("an empty mask has no statistics", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([5, 5, 5]), anyHu([5, 5, 5], 1));
  using mask = await uploadMask(gpu, gridOf([5, 5, 5]), new Uint8Array(125));
  const { voxels, meanHu } = await statistics(volume, { mask });
  expect([voxels, meanHu]).toEqual([0, Number.NaN]);
});

describe("normalization", () => {
  const size = [33, 12, 7] as const;
  const grid = gridOf(size);
  const voxels = Int16Array.from(anyHu(size, 12), (hu) => hu >> 4);
  const chosen = bits(voxels.length, 0.3, 5);
  const inside = Array.from(voxels).filter((_, i) => chosen[i] === 1);

  test("z-scores have mean 0 and deviation 1 in the mask they are of", async () => {
    const gpu = await engine();
    using volume = await uploadVolume(gpu, grid, voxels);
    using mask = await uploadMask(gpu, grid, chosen);
    const got = await collect(
      normalizeSlabs(volume, { method: "z-score", mask }),
      new Float32Array(voxels.length),
    );
    const { meanHu, deviationHu } = statisticsReference(inside);
    expect(
      Math.max(...got.map((value, i) => Math.abs(value - (voxels[i] - meanHu) / deviationHu))),
    ).toBeLessThan(1e-6);
    const scores = statisticsReference(Array.from(got).filter((_, i) => chosen[i] === 1));
    expect(scores.meanHu).toBeCloseTo(0, 6);
    expect(scores.deviationHu).toBeCloseTo(1, 6);
  });

  test("z-scores between percentiles hold values there, of statistics before that", async () => {
    const [, cut] = wholeAndCut(await engine(), size);
    using volume = await uploadVolume(cut, grid, voxels);
    const options = { method: "z-score", lowPercent: 0.5, highPercent: 99.5 } as const;
    const got = await collect(normalizeSlabs(volume, options), new Float32Array(voxels.length));
    const all = Array.from(voxels);
    const [low, high] = [0.5, 99.5].map((percent) => percentileReference(all, percent));
    const { meanHu, deviationHu } = statisticsReference(all);
    const expected = all.map((hu) => (Math.min(high, Math.max(low, hu)) - meanHu) / deviationHu);
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-6);
  });

  test("percentiles become 0 and 1", async () => {
    using volume = await uploadVolume(await engine(), grid, voxels);
    const options = { method: "percentile", lowPercent: 5, highPercent: 90 } as const;
    const got = await collect(normalizeSlabs(volume, options), new Float32Array(voxels.length));
    const all = Array.from(voxels);
    const [low, high] = [5, 90].map((percent) => percentileReference(all, percent));
    const expected = all.map((hu) => Math.min(1, Math.max(0, (hu - low) / (high - low))));
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-6);
    expect([Math.min(...got), Math.max(...got)]).toEqual([0, 1]);
  });

  test("values that do not differ cannot be scaled", async () => {
    using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), new Int16Array(64).fill(-1024));
    const counted = await histogram(volume);
    for (const method of ["z-score", "percentile"] as const) {
      expect(() => normalizationOf(counted, { method })).toThrow(/64 voxels of -1024 to -1024 HU/);
      await expect(normalizeSlabs(volume, { method }).next()).rejects.toMatchObject({
        code: "invalid-option",
      });
    }
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

test.skipIf(!hasPatients)("P001 is as numpy found it (needs ../shared/data)", async () => {
  const { hu: expected } = expectedOf("P001") as PatientExpected & {
    readonly hu: {
      readonly min: number;
      readonly max: number;
      readonly mean: number;
      readonly std: number;
      readonly histogram: {
        readonly from: number;
        readonly width: number;
        readonly counts: readonly number[];
      };
    };
  };
  const { grid, hu } = readPatient("P001");
  using volume = await uploadVolume(await engine(), grid, hu);
  const { histogram: counted, ...got } = await statistics(volume);
  expect([got.minimumHu, got.maximumHu]).toEqual([expected.min, expected.max]);
  // Stored to six decimals.
  expect(got.meanHu).toBeCloseTo(expected.mean, 5);
  expect(got.deviationHu).toBeCloseTo(expected.std, 5);
  const { from, width, counts } = expected.histogram;
  const binned = binHistogram(counted, { fromHu: from, binHu: width, bins: counts.length });
  expect({ ...binned, counts: [...binned.counts] }).toMatchObject({ counts, below: 0, above: 0 });
});
