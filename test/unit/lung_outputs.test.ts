import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Grid } from "../../src/core/grid.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries, type Series } from "../../src/dicom/series/list_series.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { type ChestPhantom, type ChestPhantomOptions, chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { preprocess } from "../../src/recipes/preprocess.js";
import type { PreprocessOptions } from "../../src/recipes/preprocess_options.js";
import type { ArraySink } from "../../src/recipes/preprocess_outputs.js";
import { type CtEngine, withDecoder } from "../../src/volume/ct_engine.js";

// What waits for the lungs: cropped to them, without what is around them, pictures of slices.

let engine: CtEngine;
let series: Series;
beforeAll(async () => {
  engine = withDecoder(await createCpuEngine(), createNodeDecodePool({ workers: 0 }));
  series = await seriesOf({ size: [64, 64, 30], noiseHu: 5 });
});
afterAll(() => engine.destroy());

async function seriesOf(options: ChestPhantomOptions, change: Partial<ChestPhantom> = {}): Promise<Series> {
  const chest = { ...chestPhantom(options), ...change };
  const sources = [...phantomSeries(chest)].map(({ name, bytes }) => bytesSource(name, bytes));
  return chooseSeries((await listSeries(sources)).series);
}

interface Made {
  readonly shape: readonly number[];
  readonly values: number[];
  readonly grid?: Grid;
  readonly history: unknown;
}

async function make(options: PreprocessOptions, of = series) {
  const arrays: Record<string, Made> = {};
  const sink: ArraySink = {
    async array({ name, shape, slabs, grid, history, summary }) {
      const values: number[] = [];
      for await (const slab of slabs) for (const value of slab) values.push(value);
      arrays[name] = { shape, values, grid, history };
      const { min, max, mean } = await summary();
      const sorted = Float64Array.from(values).sort();
      expect([min, max]).toEqual([sorted[0], sorted[sorted.length - 1]]);
      expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
    },
    async image() {},
  };
  const result = await preprocess(engine, of, { ...options, sink });
  expect(engine.memory.bytes).toBe(0);
  return { arrays, result };
}

/** The box of the voxels that are true, in voxels, x, y, z. */
function boxOf(values: readonly number[], [nz, ny, nx]: readonly number[]) {
  const from = [nx, ny, nz];
  const to = [0, 0, 0];
  values.forEach((value, i) => {
    if (value !== 1 && value !== 2) return;
    const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    for (const axis of [0, 1, 2]) {
      from[axis] = Math.min(from[axis], at[axis]);
      to[axis] = Math.max(to[axis], at[axis] + 1);
    }
  });
  return { from, to, size: [nx, ny, nz] };
}

function cut(values: readonly number[], { from, to, size }: ReturnType<typeof boxOf>): number[] {
  const kept: number[] = [];
  for (let z = from[2]; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[0]; x < to[0]; x++) kept.push(values[(z * size[1] + y) * size[0] + x]);
  return kept;
}

const window = { lowHu: -1000, highHu: 400 };

describe.each([
  ["resampled", { spacingMm: 5, omit: ["volume"] }],
  ["volume", {}],
] as const)("cropped to the lungs, the %s", (name, how) => {
  test.each([0, 12])(
    "has the box of both lungs and %i mm, and so have window and labels",
    async (marginMm) => {
      const options = { ...how, window, lungs: "threshold" } as const;
      const { arrays: all, result: whole } = await make(options);
      const { arrays, result } = await make({ ...options, crop: { marginMm } });
      const grid = (name === "resampled" ? whole.resampledGrid : whole.grid)!;
      const box = boxOf(all.lungs.values, all.lungs.shape);
      for (const axis of [0, 1, 2]) {
        const voxels = Math.ceil(marginMm / grid.spacingMm[axis]);
        box.from[axis] = Math.max(0, box.from[axis] - voxels);
        box.to[axis] = Math.min(box.size[axis], box.to[axis] + voxels);
      }
      expect(box.from[0]).toBeGreaterThan(0);
      for (const array of [name, "windowed", "lungs"]) {
        expect(arrays[array].values, array).toEqual(cut(all[array].values, box));
        expect(arrays[array].shape).toEqual([2, 1, 0].map((axis) => box.to[axis] - box.from[axis]));
      }
      const cropped = (name === "resampled" ? result.resampledGrid : result.grid)!;
      expect(cropped.originMm).toEqual(
        [0, 1, 2].map((axis) =>
          expect.closeTo(grid.originMm[axis] + box.from[axis] * grid.spacingMm[axis], 9),
        ),
      );
      expect(result.lungMl).toBe(whole.lungMl);
    },
  );
});

test("outside of both lungs every voxel is the value that was asked for, inside it is what it was", async () => {
  const options = { spacingMm: 5, omit: ["volume"], lungs: "refined" } as const;
  const { arrays: all } = await make(options);
  const { arrays } = await make({ ...options, outsideLungsHu: -1024 });
  expect(arrays.lungs.values).toEqual(all.lungs.values);
  const isLung = all.lungs.values.map((label) => label === 1 || label === 2);
  expect(isLung.filter(Boolean).length).toBeGreaterThan(1000);
  expect(arrays.resampled.values).toEqual(all.resampled.values.map((hu, i) => (isLung[i] ? hu : -1024)));
  expect(JSON.stringify(arrays.resampled.history)).toContain(
    '"operation":"onlyLungs","options":{"hu":-1024}',
  );
});

test("where no lungs are found nothing is cropped, and the result says that there are none", async () => {
  const water = await seriesOf({ size: [24, 24, 12] }, { slice: () => new Int16Array(24 * 24).fill(30) });
  const { arrays, result } = await make({ lungs: "refined", crop: { marginMm: 5 } }, water);
  expect(result.lungQuality?.verdict).toBe("no-lungs");
  expect(arrays.volume.shape).toEqual([12, 24, 24]);
  expect(result.grid.size).toEqual([24, 24, 12]);
});

test("pictures of slices are of the slices as acquired, masked or not, beside whatever is resampled", async () => {
  const slices = { sizePx: 32, scale: window, order: "descending" } as const;
  const { arrays } = await make({ slices, omit: ["volume"], spacingMm: 10 });
  expect(arrays.slices.shape).toEqual([30, 32, 32]);
  expect(Object.keys(arrays)).toEqual(["slices", "resampled"]);
  const masked = { ...slices, masked: true };
  const { arrays: ofLungs } = await make({ slices: masked, lungs: "refined", omit: ["volume", "lungs"] });
  expect(Object.keys(ofLungs)).toEqual(["slices"]);
  const zeros = (values: readonly number[]) => values.filter((value) => value === 0).length;
  expect(zeros(ofLungs.slices.values)).toBeGreaterThan(zeros(arrays.slices.values));
  expect(ofLungs.slices.values.some((value) => value > 0.05)).toBe(true);
});

test.each([
  [{ crop: { marginMm: 5 } }, /crop is an object; accepted: only beside lungs/],
  [{ crop: { marginMm: -1 }, lungs: "refined" }, /marginMm is -1/],
  [{ outsideLungsHu: -1000 }, /outsideLungsHu is -1000; accepted: only beside lungs/],
  [{ outsideLungsHu: 1.5, lungs: "refined" }, /outsideLungsHu is 1.5/],
  [{ slices: { sizePx: 0, scale: "slice" } }, /sizePx is 0/],
  [{ slices: { sizePx: 8 } }, /scale is undefined/],
  [
    { slices: { sizePx: 8, scale: "slice", masked: true } },
    /slices.masked is true; accepted: only beside lungs/,
  ],
  [
    { slices: { sizePx: 8, scale: "slice", masked: true }, lungs: "refined", spacingMm: 1 },
    /slices.masked is true; accepted: only without spacingMm/,
  ],
] as const)("%o is refused before anything is read", async (options, message) => {
  await expect(make(options as never)).rejects.toThrow(message);
});
