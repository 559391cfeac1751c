import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { valueOfStored } from "../../src/core/value_scale.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { preprocess } from "../../src/recipes/preprocess.js";
import type { PreprocessOptions } from "../../src/recipes/preprocess_options.js";
import { type CtEngine, withDecoder } from "../../src/volume/ct_engine.js";
import { loadVolume, openVolume } from "../../src/volume/load_volume.js";
import { firstDifference } from "../support/arrays.js";
import type { CtFields } from "../support/dicom_file.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";
import { multiFrame, tagBytes } from "../support/multi_frame.js";
import { readSeries } from "../support/read_series.js";

// Series whose values int16 does not hold as they are: docs/series.md, section 6.

let engine: CtEngine;
beforeAll(async () => {
  engine = withDecoder(await createCpuEngine(), createNodeDecodePool({ workers: 0 }));
});
afterAll(() => engine.destroy());

const [columns, rows, count] = [8, 6, 5];

interface Stack {
  readonly fields: (k: number) => CtFields;
  /** Of stored values, which the files hold as 16 bits. */
  readonly stored: (at: number, k: number) => number;
}

function filesOf({ fields, stored }: Stack): ByteSource[] {
  const ats = Array(count).fill(0);
  return stackFiles({
    positions: positionsFrom([0, 0, 0], [0, 0, 2], count),
    fields: (k) => ({ "0028,0101": 16, "0028,0102": 15, ...fields(k) }),
    hu: (_, k) => stored(ats[k]++, k) - 1024,
  });
}

async function load(stack: Stack, clip?: boolean) {
  const [series] = await readSeries(filesOf(stack));
  using volume = await loadVolume(engine, series, { clip });
  const record = await volume.read();
  return {
    series,
    scale: volume.values,
    options: volume.history.options,
    record,
    values: Array.from(record, (one) => valueOfStored(volume.values, one)),
  };
}

/** What the files say, slope and intercept of each slice and signs heeded. */
function truth({ fields, stored }: Stack): number[] {
  return Array.from({ length: count * rows * columns }, (_, i) => {
    const k = Math.floor(i / (rows * columns));
    const own = fields(k);
    const bits = stored(i % (rows * columns), k);
    const value = own["0028,0103"] === 1 ? (bits << 16) >> 16 : bits;
    const number = (tag: string, otherwise: number) => Number(own[tag] ?? otherwise);
    return value * number("0028,1053", 1) + number("0028,1052", -1024);
  });
}

const exact: readonly [string, Stack, { slope: number; intercept: number; units: string }][] = [
  [
    "ordinary CT in 16 bits: HU itself",
    { fields: () => ({}), stored: (at, k) => at * 37 + k },
    { slope: 1, intercept: 0, units: "HU" },
  ],
  [
    "the last value that int16 holds",
    { fields: () => ({}), stored: (at) => (at === 7 ? 32767 + 1024 : at) },
    { slope: 1, intercept: 0, units: "HU" },
  ],
  [
    "one more: a record shifted, exact",
    { fields: () => ({}), stored: (at) => (at === 7 ? 32768 + 1024 : at) },
    { slope: 1, intercept: 32768 - 1024, units: "HU" },
  ],
  [
    "slope 2 beyond int16: the headers' own steps",
    { fields: () => ({ "0028,1053": "2" }), stored: (at) => at * 700 },
    { slope: 2, intercept: 65536 - 1024, units: "HU" },
  ],
  [
    "a fractional slope in 12 bits",
    {
      fields: () => ({
        "0028,0101": 12,
        "0028,0102": 11,
        "0028,1053": "0.01",
        "0028,1052": "0",
        "0028,1054": "mg/ml",
      }),
      stored: (at, k) => at * 60 + k,
    },
    { slope: 0.01, intercept: 0, units: "mg/ml" },
  ],
  [
    "a fractional intercept",
    { fields: () => ({ "0028,1052": "-1024.5" }), stored: (at) => at * 60 },
    { slope: 1, intercept: 32768 - 1024.5, units: "HU" },
  ],
  [
    "a negative fractional slope, signed: turned around",
    {
      fields: () => ({ "0028,0103": 1, "0028,1053": "-0.25", "0028,1052": "3" }),
      stored: (at) => (at * 1361 + 32768) & 0xffff,
    },
    { slope: 0.25, intercept: 3.25, units: "HU" },
  ],
  [
    "a negative fractional slope, unsigned",
    {
      fields: () => ({ "0028,1053": "-0.25", "0028,1052": "3" }),
      stored: (at) => at * 1361,
    },
    { slope: 0.25, intercept: 3 - 0.25 * 32767, units: "HU" },
  ],
  [
    "whole slopes that differ, beyond int16 together",
    { fields: (k) => ({ "0028,1053": String(k + 1) }), stored: (at) => at * 240 },
    { slope: 1, intercept: -1024 + 32768, units: "HU" },
  ],
];

describe("exact", () => {
  test.each(exact)("%s", async (_, stack, scale) => {
    const got = await load(stack);
    expect(got.scale).toEqual(scale);
    const expected = truth(stack);
    const worst = Math.max(...got.values.map((value, i) => Math.abs(value - expected[i])));
    expect(worst).toBeLessThan(scale.slope * 1e-6);
  });
});

test("a slope of its own in each slice: half a step of a record of 65535 steps", async () => {
  const fields = (k: number) => ({
    "0008,0060": "PT",
    "0028,1053": String(0.731 + 0.37 * k),
    "0028,1052": "0",
    "0028,1054": "BQML",
  });
  const stack = { fields, stored: (at: number) => at * 411 };
  const { scale, values } = await load(stack);
  const expected = truth(stack);
  const range = Math.max(...expected) - Math.min(...expected);
  expect(scale.units).toBe("BQML");
  expect(scale.slope).toBeLessThanOrEqual(range / 60_000);
  const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i])));
  expect(worst).toBeLessThanOrEqual(scale.slope * 0.5001);
});

test("a Modality LUT whose entries reach 65535 is read exactly", async () => {
  const { modalityLut } = {
    modalityLut: { first: 0, values: Uint16Array.from([5, 65535, 700]), type: "US" },
  };
  const [series] = await readSeries(filesOf({ fields: () => ({}), stored: (at) => at % 3 }));
  const slices = series.slices.map((slice) => ({ ...slice, rescaleSlope: undefined, modalityLut }));
  using volume = await loadVolume(engine, { ...series, slices, units: "US" });
  expect(volume.values).toEqual({ slope: 1, intercept: 5 + 32768, units: "US" });
  const values = Array.from(await volume.read(), (one) => valueOfStored(volume.values, one));
  expect(values.slice(0, 4)).toEqual([5, 65535, 700, 5]);
});

const metal: Stack = {
  fields: () => ({ "0028,1052": "-8192" }),
  stored: (at, k) => (at + k === 13 ? 65535 : 8000 + at),
};

test("clipped where that is asked for, and only there", async () => {
  const clipped = await load(metal, true);
  expect(clipped.scale).toEqual({ slope: 1, intercept: 0, units: "HU" });
  expect(clipped.options).toEqual({ clip: true });
  expect(clipped.values).toEqual(truth(metal).map((value) => Math.min(32767, value)));
  const whole = await load(metal);
  expect(whole.scale.intercept).toBe(32768 - 8192);
  expect(whole.values).toEqual(truth(metal));
});

test("a volume that is watched while it loads has its scale when it is done", async () => {
  const [series] = await readSeries(filesOf(metal));
  const { volume, done } = await openVolume(engine, series);
  await done;
  const values = Array.from(await volume.read(), (one) => valueOfStored(volume.values, one));
  volume.destroy();
  expect(values).toEqual(truth(metal));
});

test("what a repair fills in beside the field is -1024 HU in a scaled record too", async () => {
  const positions = [0, 2, 4, 8, 10].map((z) => [0, 0, z] as const);
  const files = stackFiles({
    positions,
    fields: () => ({ "0028,0101": 16, "0028,0102": 15 }),
    hu: ([x], k) => (x === 0 && k === 1 ? 60_000 : 10 * k),
  });
  const [series] = await readSeries(files, { allow: ["gaps"] });
  using volume = await loadVolume(engine, series);
  expect(volume.values).toEqual({ slope: 1, intercept: 32768 - 1024, units: "HU" });
  const values = Array.from(await volume.read(), (one) => valueOfStored(volume.values, one));
  const at = (x: number, z: number) => values[x + columns * rows * z];
  expect([at(0, 1), at(1, 1), at(1, 3), at(1, 4)]).toEqual([60_000, 10, 25, 30]);
});

/** Arrays by name, and the result. */
async function made(stack: Stack, options: PreprocessOptions) {
  const [series] = await readSeries(filesOf(stack));
  const arrays: Record<string, number[]> = {};
  const result = await preprocess(engine, series, {
    ...options,
    sink: {
      async array({ name, slabs }) {
        arrays[name] = [];
        for await (const slab of slabs) arrays[name].push(...slab);
      },
      async image() {},
    },
  });
  return { arrays, result };
}

describe("preprocess", () => {
  test("slices that go by: made once more where one leaves int16, the same as of the whole volume", async () => {
    const window = { lowHu: -500, highHu: 500 };
    const options = { spacingMm: 1, window } as const;
    const streamed = await made(metal, { ...options, omit: ["volume", "resampled"] });
    const whole = await made(metal, { ...options, mip: true });
    expect(streamed.result.values).toEqual({ slope: 1, intercept: 32768 - 8192, units: "HU" });
    expect(firstDifference(streamed.arrays.windowed, whole.arrays.windowed)).toBe(-1);
    expect(Math.max(...whole.arrays["mip-axial"]) + 32768 - 8192).toBe(57343);
  });

  test("float32: the values themselves, streamed or not", async () => {
    const options = { spacingMm: 1, dtype: "float32" } as const;
    const { arrays, result } = await made(metal, options);
    expect(result.values).toEqual({ slope: 1, intercept: 0, units: "HU" });
    expect(arrays.volume).toEqual(truth(metal).map(Math.fround));
    const streamed = await made(metal, { ...options, omit: ["volume"] });
    expect(streamed.arrays.resampled).toEqual(arrays.resampled);
    const record = await made(metal, { spacingMm: 1 });
    const { slope, intercept } = record.result.values;
    expect(arrays.resampled).toEqual(
      record.arrays.resampled.map((one) => Math.fround(one * slope + intercept)),
    );
  });

  test("clipped, streamed or not", async () => {
    const streamed = await made(metal, { spacingMm: 1, clip: true, omit: ["volume"] });
    const whole = await made(metal, { spacingMm: 1, clip: true });
    expect(streamed.result.values.intercept).toBe(0);
    expect(streamed.arrays.resampled).toEqual(whole.arrays.resampled);
    expect(Math.max(...whole.arrays.volume)).toBe(32767);
  });

  test("lungs of other units are refused before anything is loaded", async () => {
    const stack = { ...metal, fields: () => ({ "0028,1053": "0.01", "0028,1054": "mg/ml" }) };
    await expect(made(stack, { lungs: "threshold" })).rejects.toMatchObject({ code: "wrong-units" });
    const mr = {
      ...metal,
      fields: () => ({ "0008,0060": "MR", "0028,1052": undefined, "0028,1053": undefined }),
    };
    await expect(made(mr, { lungs: "refined" })).rejects.toMatchObject({ code: "wrong-units" });
  });
});

test("a dose has its scaling and units, a PET its units, in attributes of their own", async () => {
  const dose = { "0028,1052": undefined, "0028,1053": undefined, "3004,000e": "0.00125", "3004,0002": "GY" };
  const got = await load({ fields: () => ({ "0008,0060": "RTDOSE", ...dose }), stored: (at) => at * 1300 });
  expect(got.scale).toEqual({ slope: 0.00125, intercept: 0.00125 * 32768, units: "GY" });
  expect(got.values[3]).toBeCloseTo(3 * 1300 * 0.00125, 9);
  expect(got.series.diagnostics.map(({ code }) => code)).not.toContain("rescale-missing");
  const pet = { "0008,0060": "PT", "0054,1001": "BQML", "0028,1052": "0", "0028,1053": "2.5" };
  const { scale } = await load({ fields: () => pet, stored: (at) => at });
  expect(scale).toEqual({ slope: 2.5, intercept: 2.5 * 32768, units: "BQML" });
});

test("the frames of an RT dose are a volume in gray, where its offsets say", async () => {
  const dose = multiFrame(4, {
    "0008,0016": "1.2.840.10008.5.1.4.1.1.481.2",
    "0008,0060": "RTDOSE",
    "0028,0009": tagBytes("3004,000c"),
    "0028,1052": undefined,
    "0028,1053": undefined,
    "3004,0002": "GY",
    "3004,000c": "0\\2.5\\5\\7.5",
    "3004,000e": "0.002",
  });
  const { series } = await listSeries([dose]);
  const chosen = chooseSeries(series);
  expect(chosen.units).toBe("GY");
  using volume = await loadVolume(engine, chosen);
  expect(volume.grid.spacingMm[2]).toBe(2.5);
  expect(volume.values).toMatchObject({ slope: 0.002, units: "GY" });
  const stored = await volume.read();
  const doses = [0, 1, 2, 3].map((z) => valueOfStored(volume.values, stored[6 * z]));
  expect(doses.map((value) => Number(value.toFixed(9)))).toEqual([4.048, 4.068, 4.088, 4.108]);
});
