import { afterAll, describe, expect, test } from "vitest";
import { type ValueScale, valueOfStored } from "../../src/core/value_scale.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude, gradientMagnitudeSlabs } from "../../src/ops/filter/gradient_magnitude.js";
import { median } from "../../src/ops/filter/median.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { project, projectionPlanes, projectSum } from "../../src/ops/project/project.js";
import { projectThickSlabs } from "../../src/ops/project/project_thick_slabs.js";
import { crop } from "../../src/ops/resample/crop.js";
import { pad } from "../../src/ops/resample/pad.js";
import { reorient } from "../../src/ops/resample/reorient.js";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import { resampleSlabs } from "../../src/ops/resample/resample_slabs.js";
import { clip } from "../../src/ops/value/clip.js";
import { histogram, runningHistogram } from "../../src/ops/value/histogram.js";
import { mapVolume } from "../../src/ops/value/map_volume.js";
import { normalizeSlabs } from "../../src/ops/value/normalize_slabs.js";
import { binHistogram, percentileHu, statistics } from "../../src/ops/value/statistics.js";
import { huTable } from "../../src/ops/value/value_table.js";
import { windowByteSlabs, windowSlabs } from "../../src/ops/value/window_slabs.js";
import { bodyMask } from "../../src/recipes/body_mask.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { gaussianReference } from "../reference/gaussian.js";
import { gradientReference } from "../reference/gradient_magnitude.js";
import { resampleReference } from "../reference/resample.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { largestDifference } from "../support/resampling.js";
import { collect } from "../support/shapes.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

// Every operation on a scaled record gives what the same of the values themselves, in f64, gives: within half
// a step where a record is made of it.

const engine = testBothEngines();
const size = [13, 10, 7] as const;
const grid = gridOf(size, [0.8, 0.9, 2]);
const next = random(15);
const stored = Int16Array.from(
  { length: size[0] * size[1] * size[2] },
  () => Math.floor(next() * 4000) - 700,
);
const noControl = {};

const scales: readonly ValueScale[] = [
  { slope: 0.01, intercept: 0, units: "mg/ml" },
  { slope: 1, intercept: 24576, units: "HU" },
  { slope: 0.0375, intercept: -7.25, units: "SUV" },
  { slope: 12.5, intercept: 409_600, units: "BQML" },
];

/** Float32 sums of three passes, beside the step that they are in. */
const F32_SLACK = 1e-3;

describe.each(scales)("$units: value = stored * $slope + $intercept", (scale) => {
  const { slope, intercept } = scale;
  const values = Float64Array.from(stored, (one) => one * slope + intercept);
  const halfStep = slope * (0.5 + F32_SLACK);
  let made: Promise<CtVolume> | undefined;
  const volumeOf = () => {
    made ??= engine().then((on) => uploadVolume(on, grid, stored, scale));
    return made;
  };
  afterAll(async () => (await made)?.destroy());
  const read = async (volume: CtVolume) =>
    Float64Array.from(await volume.read(), (one) => valueOfStored(volume.values, one));
  /** Of a value that occurs, so that "from" and "below" matter. */
  const middle = values[40];

  test("thresholds, of values that are in the record and of such that are not", async () => {
    const volume = await volumeOf();
    for (const [fromHu, belowHu] of [
      [middle, undefined],
      [undefined, middle],
      [middle - slope / 3, middle + slope / 3],
      [middle, middle],
      [values[3], values[3] + 100 * slope],
    ]) {
      using mask = await threshold(volume, { fromHu, belowHu });
      const expected = Array.from(values, (value) =>
        value >= (fromHu ?? -Infinity) && value < (belowHu ?? Infinity) ? 1 : 0,
      );
      expect(firstDifference(await mask.read(), expected)).toBe(-1);
    }
    await expect(threshold(volume, { fromHu: -32768 * slope + intercept - 1 })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  test("windows and normalizations", async () => {
    const volume = await volumeOf();
    const [lowHu, highHu] = [values[7] - 300 * slope, values[7] + 900 * slope];
    const shares = values.map((value) => Math.min(1, Math.max(0, (value - lowHu) / (highHu - lowHu))));
    const windowed = await collect(windowSlabs(volume, { lowHu, highHu }), new Float32Array(values.length));
    expect(firstDifference(windowed, Float32Array.from(shares))).toBe(-1);
    const bytes = await collect(windowByteSlabs(volume, { lowHu, highHu }), new Uint8Array(values.length));
    expect(
      firstDifference(
        bytes,
        shares.map((share) => Math.round(share * 255)),
      ),
    ).toBe(-1);
    const scores = await collect(
      normalizeSlabs(volume, { method: "z-score" }),
      new Float32Array(values.length),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(
      largestDifference(
        scores,
        values.map((value) => (value - mean) / deviation),
      ),
    ).toBeLessThan(1e-5);
  });

  test("statistics, percentiles, bins", async () => {
    const volume = await volumeOf();
    using low = await threshold(volume, { belowHu: middle });
    const known = await statistics(volume, { mask: low });
    const some = values.filter((value) => value < middle);
    const mean = some.reduce((sum, value) => sum + value, 0) / some.length;
    expect(known.minimumHu).toBe(some.reduce((least, value) => Math.min(least, value)));
    expect(known.maximumHu).toBe(some.reduce((most, value) => Math.max(most, value)));
    expect(known.meanHu).toBeCloseTo(mean, 6);
    const spread = some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / some.length;
    expect(known.deviationHu / Math.sqrt(spread)).toBeCloseTo(1, 8);
    const sorted = Float64Array.from(some).sort();
    expect(percentileHu(known.histogram, { percent: 100, method: "nearest-rank" })).toBe(
      sorted[sorted.length - 1],
    );
    expect(percentileHu(known.histogram, { percent: 0 })).toBe(sorted[0]);
    const binned = binHistogram(known.histogram, { fromHu: sorted[0], binHu: 50 * slope, bins: 4 });
    const inBin = (bin: number) =>
      some.filter((value) => Math.floor((value - sorted[0]) / (50 * slope)) === bin).length;
    expect([...binned.counts]).toEqual([0, 1, 2, 3].map(inBin));
    expect(binned.below).toBe(0);
  });

  test("clips at values, and maps by tables of functions of values", async () => {
    const volume = await volumeOf();
    const [lowHu, highHu] = [values[11], values[11] + 500 * slope];
    using clipped = await clip(volume, { lowHu, highHu });
    const expected = values.map((value) => Math.min(highHu, Math.max(lowHu, value)));
    expect(largestDifference(await read(clipped), expected)).toBeLessThan(slope * 1e-6);
    using mapped = await mapVolume(volume, { table: huTable((value) => value / 2 + intercept / 2, scale) });
    const halves = values.map((value) => value / 2 + intercept / 2);
    expect(largestDifference(await read(mapped), halves)).toBeLessThanOrEqual(halfStep);
  });

  test("filters", async () => {
    const volume = await volumeOf();
    using smooth = await gaussian(volume, { sigmaMm: 1.2 });
    const blurred = gaussianReference(stored, grid, [1.2, 1.2, 1.2]).map((one) => one * slope + intercept);
    expect(largestDifference(await read(smooth), blurred)).toBeLessThanOrEqual(halfStep);
    using middles = await median(volume);
    expect(middles.values).toEqual(scale);
    using steep = await gradientMagnitude(volume);
    const gradients = gradientReference(stored, grid).map((one) => one * slope);
    expect(steep.values).toEqual({ slope, intercept: 0, units: `${scale.units}/mm` });
    expect(largestDifference(await read(steep), gradients)).toBeLessThanOrEqual(halfStep);
    const floats = await collect(gradientMagnitudeSlabs(volume), new Float32Array(values.length));
    const relative = floats.map((one, i) => one / (gradients[i] || 1));
    expect(Math.max(...relative.map((one, i) => (gradients[i] ? Math.abs(one - 1) : 0)))).toBeLessThan(1e-5);
  });

  test("resamples, with borders in units; crops, pads, turns", async () => {
    const volume = await volumeOf();
    const border = { constantHu: -30_000.25 * slope + intercept };
    for (const kernel of ["nearest", "linear", "catmull-rom", "b-spline", "lanczos3"] as const) {
      const onto = { ...gridOf([12, 11, 9], [0.9, 0.9, 1.7]), originMm: [-2, 0.3, -1.5] as const };
      const options = { onto, kernel, border, antialias: false };
      using made = await resample(volume, options);
      const reference = resampleReference(values, grid, onto, { kernel, border });
      expect(largestDifference(await read(made), reference)).toBeLessThanOrEqual(halfStep * 1.01);
      expect(made.values).toEqual(scale);
      if (kernel === "nearest") continue;
      const { hu } = await resampleToFloat(volume, options);
      // The border itself is the nearest step of the record.
      expect(largestDifference(hu, reference)).toBeLessThan(slope * 0.3 + 1e-6 * Math.abs(intercept));
    }
    const slabs: number[] = [];
    for await (const { volume: slab } of resampleSlabs(volume, { spacingMm: 1.5, antialias: false }))
      slabs.push(...(await read(slab)));
    using whole = await resample(volume, { spacingMm: 1.5, antialias: false });
    expect(firstDifference(slabs, await read(whole))).toBe(-1);
    using part = await crop(volume, { from: [1, 2, 3], to: [5, 6, 7] });
    using around = await pad(part, { before: [1, 0, 0], behind: [0, 0, 1], border });
    using turned = await reorient(around, { axes: "RAS" });
    expect(turned.values).toEqual(scale);
    const [outside] = await read(around);
    expect(Math.abs(outside - border.constantHu)).toBeLessThanOrEqual(halfStep);
    await expect(
      resample(volume, { spacingMm: 2, border: { constantHu: 40_000 * slope + intercept } }),
    ).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("projections", async () => {
    const volume = await volumeOf();
    for (const plane of projectionPlanes) {
      const greatest = await project(volume, { plane, kind: "maximum" });
      expect(greatest.values).toEqual(scale);
      const { sumsHu, voxels } = await projectSum(volume, { plane });
      const total = sumsHu.reduce((sum, one) => sum + one * slope + voxels * intercept, 0);
      expect(total / values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      for await (const slab of projectThickSlabs(volume, { plane, kind: "average", thicknessMm: 4 }))
        expect(slab.values).toEqual(scale);
    }
    const axial = await project(volume, { plane: "axial", kind: "maximum" });
    const most = Math.max(...Array.from({ length: size[2] }, (_, z) => values[z * size[0] * size[1]]));
    expect(valueOfStored(axial.values, axial.hu[0])).toBe(most);
  });

  test("counts of two scales do not add up, and lungs are found in HU alone", async () => {
    const volume = await volumeOf();
    using other = await uploadVolume(await engine(), grid, stored);
    const running = await runningHistogram(await engine());
    try {
      await running.add(other, noControl);
      await expect(running.add(volume, noControl)).rejects.toMatchObject({ code: "invalid-option" });
    } finally {
      running.destroy();
    }
    expect((await histogram(other)).values).toEqual({ slope: 1, intercept: 0, units: "HU" });
    if (scale.units === "HU") return;
    for (const find of [lungThreshold, lungMask, bodyMask])
      await expect(find(volume)).rejects.toMatchObject({ code: "wrong-units", fields: { got: scale.units } });
  });
});

test("lungs of a record of HU that is scaled are those of the plain one", async () => {
  const wide = gridOf([40, 36, 12], [8, 8, 10]);
  const hu = Int16Array.from({ length: 40 * 36 * 12 }, (_, i) => {
    const [x, y] = [i % 40, Math.floor(i / 40) % 36];
    const inBody = Math.hypot(x - 20, y - 18) < 16;
    const inLung = Math.hypot(x - 12, y - 18) < 6 || Math.hypot(x - 28, y - 18) < 6;
    return inLung ? -850 : inBody ? 40 : -1000;
  });
  const on = await engine();
  using plain = await uploadVolume(on, wide, hu);
  using scaled = await uploadVolume(
    on,
    wide,
    hu.map((one) => one - 24576),
    {
      slope: 1,
      intercept: 24576,
      units: "HU",
    },
  );
  for (const method of ["threshold", "refined"] as const) {
    using expected = await lungMask(plain, { method });
    using got = await lungMask(scaled, { method });
    expect(firstDifference(await got.readLabels(), await expected.readLabels())).toBe(-1);
    expect(got.quality).toEqual(expected.quality);
  }
  using body = await bodyMask(scaled);
  using plainBody = await bodyMask(plain);
  expect(firstDifference(await body.read(), await plainBody.read())).toBe(-1);
  using air = await lungThreshold(scaled);
  using same = await lungThreshold(plain);
  expect(firstDifference(await air.read(), await same.read())).toBe(-1);
});
