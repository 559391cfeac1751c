import { describe, expect, test } from "vitest";
import { histogram } from "../../src/ops/value/histogram.js";
import { normalizationOf, normalizeSlabs } from "../../src/ops/value/normalize_slabs.js";
import { percentileReference, statisticsReference } from "../reference/statistics.js";
import { testBothEngines } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { anyHu, collect, wholeAndCut } from "../support/shapes.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

function bits(count: number, density: number, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length: count }, () => (next() < density ? 1 : 0));
}

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
