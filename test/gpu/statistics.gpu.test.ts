import { describe, expect, test } from "vitest";
import {
  binHistogram,
  type PercentileMethod,
  percentileHu,
  statistics,
} from "../../src/ops/value/statistics.js";
import { nearestRankReference, percentileReference, statisticsReference } from "../reference/statistics.js";
import { testBothEngines } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { expectedOf, hasPatients, type PatientExpected, readPatient } from "../support/real_patients.js";
import { anyHu, shapes } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size);
  // Stretches of equal voxels: what a walk adds at once must be the same count.
  const voxels = anyHu(size, size[0] + 3, 5);

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

test("an empty mask has no statistics", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, gridOf([5, 5, 5]), anyHu([5, 5, 5], 1));
  using mask = await uploadMask(gpu, gridOf([5, 5, 5]), new Uint8Array(125));
  const { voxels, meanHu } = await statistics(volume, { mask });
  expect([voxels, meanHu]).toEqual([0, Number.NaN]);
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
