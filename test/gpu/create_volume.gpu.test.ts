import { afterAll, describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { valueOfStored } from "../../src/core/value_scale.js";
import type { VoxelArray } from "../../src/core/voxel_array.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { createMask } from "../../src/volume/create_mask.js";
import { createVolume } from "../../src/volume/create_volume.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { formatGrids } from "../support/format_grids.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
const { oblique } = formatGrids;
const COUNT = 60;
const ramp = (first: number, step: number) => Array.from({ length: COUNT }, (_, i) => first + i * step);

async function codeOf(running: Promise<unknown>): Promise<string> {
  return running.then(
    () => "nothing thrown",
    (error) => (isHounsfieldError(error) ? error.code : String(error)),
  );
}

/** The values that a volume stands for. */
async function valuesOf(volume: CtVolume): Promise<number[]> {
  return Array.from(await volume.read(), (stored) => valueOfStored(volume.values, stored));
}

describe("a volume of an array", () => {
  test.each([
    ["Int8Array", Int8Array.from(ramp(-30, 1)), { slope: 1, intercept: 0 }],
    ["Uint8Array", Uint8Array.from(ramp(0, 4)), { slope: 1, intercept: 0 }],
    ["Int16Array", Int16Array.from(ramp(-1024, 37)), { slope: 1, intercept: 0 }],
    ["Uint16Array that int16 holds", Uint16Array.from(ramp(0, 555)), { slope: 1, intercept: 0 }],
    [
      "Uint16Array to its end",
      Uint16Array.from(ramp(65535 - 59 * 1110, 1110)),
      { slope: 1, intercept: 32813 },
    ],
    ["Int32Array", Int32Array.from(ramp(100_000, 3)), { slope: 1, intercept: 132_768 }],
    ["Uint32Array", Uint32Array.from(ramp(4_000_000_000, 3)), { slope: 1, intercept: 4_000_032_768 }],
    ["Float32Array of whole numbers", Float32Array.from(ramp(-1000, 30)), { slope: 1, intercept: 0 }],
    ["Float64Array of whole numbers", Float64Array.from(ramp(-1000, 30)), { slope: 1, intercept: 0 }],
  ] as [string, VoxelArray, { slope: number; intercept: number }][])("%s: exact", async (_, data, scale) => {
    const volume = await createVolume(await engine(), { data, grid: oblique });
    expect(volume.grid).toBe(oblique);
    expect(volume.values).toEqual({ ...scale, units: "HU" });
    expect(await valuesOf(volume)).toEqual(Array.from(data));
    volume.destroy();
  });

  test.each([
    ["fractions", Float32Array.from(ramp(-3.25, 0.37))],
    ["a range beyond int16", Int32Array.from(ramp(-5_000_000, 170_001))],
    ["one fraction all over", Float64Array.from(ramp(0.1, 0))],
  ] as [string, VoxelArray][])("%s: within half a step", async (_, data) => {
    const volume = await createVolume(await engine(), { data, grid: oblique, units: "SUV" });
    const half = volume.values.slope / 2 + 1e-9 * Math.max(...data.map(Math.abs));
    const found = await valuesOf(volume);
    for (const [i, value] of data.entries()) expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(half);
    expect(volume.values.units).toBe("SUV");
    volume.destroy();
  });

  test("slope and intercept, as files have them", async () => {
    const data = Uint16Array.from(ramp(0, 50));
    const volume = await createVolume(await engine(), { data, grid: oblique, slope: 2, intercept: -1024 });
    expect(volume.values).toEqual({ slope: 1, intercept: 0, units: "HU" });
    expect(await valuesOf(volume)).toEqual(Array.from(data, (one) => one * 2 - 1024));
    expect(volume.history).toMatchObject({
      operation: "createVolume",
      options: { slope: 2, intercept: -1024 },
    });
    volume.destroy();
  });

  test("what is no number is refused by its index, or replaced", async () => {
    const data = Float32Array.from(ramp(0, 1));
    data[7] = Number.NaN;
    data[8] = Number.NEGATIVE_INFINITY;
    const open = await engine();
    await expect(createVolume(open, { data, grid: oblique })).rejects.toMatchObject({
      code: "value-range",
      message: expect.stringContaining("data[7]"),
    });
    const volume = await createVolume(open, { data, grid: oblique, notFinite: -1024 });
    expect((await valuesOf(volume)).slice(6, 10)).toEqual([6, -1024, -1024, 9]);
    volume.destroy();
  });

  test("operations take it as they take what was loaded", async () => {
    const volume = await createVolume(await engine(), {
      data: Int16Array.from(ramp(-1024, 37)),
      grid: oblique,
    });
    const air = await threshold(volume, { belowHu: -400 });
    expect((await air.read()).reduce((sum, one) => sum + one, 0)).toBe(17);
    expect((await statistics(volume)).maximumHu).toBe(-1024 + 59 * 37);
    air.destroy();
    volume.destroy();
  });
});

describe("a volume of slices", () => {
  const slice = (z: number) => Int16Array.from({ length: 20 }, (_, i) => z * 100 + i);
  const all = [0, 1, 2].flatMap((z) => Array.from(slice(z)));

  test("of an iterable, one or several at a time", async () => {
    async function* slices() {
      yield slice(0);
      yield Int16Array.from([...slice(1), ...slice(2)]);
    }
    const done: number[] = [];
    const onProgress = (progress: { done: number }) => done.push(progress.done);
    const volume = await createVolume(await engine(), { data: slices(), grid: oblique, onProgress });
    expect(Array.from(await volume.read())).toEqual(all);
    expect(done).toEqual([1, 3]);
    volume.destroy();
  });

  test("too few or too many are refused, and nothing is left behind", async () => {
    const open = await engine();
    for (const given of [
      [],
      [slice(0), slice(1)],
      [slice(0), slice(1), slice(2), slice(3)],
      [new Int16Array(19)],
    ])
      expect(await codeOf(createVolume(open, { data: given, grid: oblique }))).toBe("invalid-option");
    expect(open.memory.snapshot()).toEqual({});
  });

  test("written by hand, in any order, into a scale that is given", async () => {
    const values = { slope: 0.5, intercept: 10, units: "mg/ml" };
    const volume = await createVolume(await engine(), { grid: oblique, values });
    expect(await valuesOf(volume)).toEqual(new Array(COUNT).fill(10));
    await volume.write(
      2,
      Float32Array.from({ length: 20 }, (_, i) => i / 4),
    );
    await volume.write(0, slice(3));
    // A half step goes away from zero.
    const found = await valuesOf(volume);
    expect(found.slice(0, 20)).toEqual(Array.from(slice(3)));
    expect(found.slice(40, 44)).toEqual([0, 0, 0.5, 0.5]);
    expect(await codeOf(volume.write(3, slice(0)))).toBe("invalid-option");
    expect(await codeOf(volume.write(2, Int16Array.from([...slice(0), ...slice(1)])))).toBe("invalid-option");
    expect(await codeOf(volume.write(0, new Float32Array(20).fill(16393.6)))).toBe("nothing thrown");
    expect(await codeOf(volume.write(0, new Float32Array(20).fill(16393.8)))).toBe("value-range");
    volume.destroy();
    expect(await codeOf(volume.write(0, slice(0)))).toBe("destroyed");
  });
});

describe("a mask", () => {
  const grid = gridOf([35, 2, 2]);
  const labels = Uint8Array.from({ length: 140 }, (_, i) => (i * 7) % 5);

  test("of numbers, of one label of them, of bits", async () => {
    const open = await engine();
    const whole = await createMask(open, { data: labels, grid });
    expect(Array.from(await whole.read())).toEqual(Array.from(labels, (one) => Number(one !== 0)));
    const one = await createMask(open, { data: labels, label: 3, grid });
    expect(Array.from(await one.read())).toEqual(Array.from(labels, (label) => Number(label === 3)));
    const bits = new Uint8Array(18);
    for (const [i, label] of labels.entries()) if (label === 3) bits[i >> 3] |= 1 << (i & 7);
    const same = await createMask(open, { bits, grid });
    expect(await same.read()).toEqual(await one.read());
    for (const mask of [whole, one, same]) mask.destroy();
  });

  test("empty, and written by slices", async () => {
    const mask = await createMask(await engine(), { grid });
    await mask.write(1, labels.subarray(0, 70));
    expect(Array.from(await mask.read(1, 2))).toEqual(
      Array.from(labels.subarray(0, 70), (one) => Number(one !== 0)),
    );
    expect(Math.max(...(await mask.read(0, 1)))).toBe(0);
    mask.destroy();
  });

  test.each([
    ["of another size", { data: labels.subarray(1) }],
    ["of bits of another size", { bits: new Uint8Array(17) }],
    ["of both", { data: labels, bits: new Uint8Array(18) }],
    ["of a label of nothing", { label: 3 }],
    ["of words", { data: ["1"] as unknown as Uint8Array }],
  ])("%s is refused", async (_, contents) => {
    expect(await codeOf(createMask(await engine(), { grid, ...contents }))).toBe("invalid-option");
  });
});

afterAll(async () => expect((await engine()).memory.snapshot()).toEqual({}));
