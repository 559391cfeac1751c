import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { resample } from "../../src/ops/resample/resample.js";
import { resampleSlices } from "../../src/ops/resample/resample_slabs.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { withDecoder } from "../../src/volume/ct_engine.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { openSliceWindow } from "../../src/volume/slice_window.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped } from "../support/resampling.js";

const engine = testBothEngines();
const DEPTH = 24;
const files = [...phantomSeries(chestPhantom({ size: [33, 32, DEPTH] }))];

async function opened(
  slabVoxels: number,
  sources = files.map(({ name, bytes }) => bytesSource(name, bytes)),
) {
  const on = await engine();
  const decoding = withDecoder(cramped(on, { slabVoxels }), createNodeDecodePool({ workers: 0 }));
  return { on, decoding, series: chooseSeries((await listSeries(sources)).series) };
}

async function valuesOf(slabs: ReturnType<typeof resampleSlices>): Promise<Int16Array> {
  const parts: Buffer[] = [];
  for await (const { volume } of slabs) parts.push(Buffer.from((await volume.read()).slice().buffer));
  const bytes = Buffer.concat(parts);
  return new Int16Array(new Uint8Array(bytes).buffer);
}

test.each([
  [8, 2 ** 20],
  [8, 20_000],
  [5, 9000],
  [31, 5000],
  [40, 1000],
])(
  "slices that go by give what the whole volume gives: cubes of %d mm, slabs of %d voxels",
  async (spacingMm, slabVoxels) => {
    const { on, decoding, series } = await opened(slabVoxels);
    const sliceBytes = 34 * 32 * 2;
    const told: number[] = [];
    let most = 0;
    {
      using slices = openSliceWindow(decoding, series, { onProgress: ({ done }) => told.push(done) });
      const by = async function* () {
        for await (const slab of resampleSlices(slices, { spacingMm })) {
          most = Math.max(most, on.memory.snapshot().slices);
          yield slab;
        }
      };
      const values = await valuesOf(by());
      using volume = await loadVolume(decoding, series);
      using whole = await resample(volume, { spacingMm, antialias: false });
      expect(firstDifference(values, await whole.read())).toBe(-1);
    }
    expect(told).toEqual(Array.from({ length: told.length }, (_, i) => i + 1));
    expect(most).toBeGreaterThan(0);
    if (slabVoxels === 9000 && spacingMm === 5) expect(most).toBeLessThanOrEqual((DEPTH / 4) * sliceBytes);
    expect(on.memory.bytes).toBe(0);
    decoding.decoder.destroy();
  },
);

test("a slice that cannot be read and an abort end it, and nothing is left", async () => {
  const sources = files.map(({ name, bytes }) => bytesSource(name, bytes));
  const { on, decoding, series } = await opened(3000, sources);
  const broken = series.slices.map((slice, z) => ({
    ...slice,
    source: z === 17 ? { ...slice.source, read: () => Promise.reject(new Error("gone")) } : slice.source,
  }));
  const failing = async () => {
    using slices = openSliceWindow(decoding, { ...series, slices: broken });
    await valuesOf(resampleSlices(slices, { spacingMm: 3 }));
  };
  await expect(failing()).rejects.toMatchObject({ code: "io", fields: { file: broken[17].source.name } });
  expect(on.memory.bytes).toBe(0);

  const controller = new AbortController();
  const aborted = async () => {
    const control = {
      signal: controller.signal,
      onProgress: ({ done }: { done: number }) => done === 9 && controller.abort(),
    };
    using slices = openSliceWindow(decoding, series, control);
    await valuesOf(resampleSlices(slices, { spacingMm: 3 }));
  };
  await expect(aborted()).rejects.toThrow(/abort/i);
  expect(on.memory.bytes).toBe(0);
  decoding.decoder.destroy();
});

test("the last two slices may be asked for again, and older ones are refused", async () => {
  const { decoding, series } = await opened(3000);
  using slices = openSliceWindow(decoding, series);
  await slices.need(0, 10);
  expect(await slices.need(8, 12)).toMatchObject({ first: 8 });
  await expect(slices.need(9, 13)).rejects.toThrow(
    expect.objectContaining({
      code: "internal",
      message: "slice 9 went by: the oldest still there is 10",
    }),
  );
  decoding.decoder.destroy();
});
