import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Vec3 } from "../../src/core/grid.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { withDecoder } from "../../src/volume/ct_engine.js";
import { loadVolume } from "../../src/volume/load_volume.js";

const BUDGET_BYTES = 100_000;

test.each([
  ["just fits", [100, 100, 5], undefined],
  ["a slice more", [100, 100, 6], /120000 bytes.*budget of 100000.*: preprocess makes/],
  ["larger than any WebAssembly memory", [1024, 1024, 4096], /8589934592 bytes.*: preprocess makes/],
] as const)("a volume and the budget: %s", async (_, size: Vec3, message) => {
  const files = [...phantomSeries(chestPhantom({ size: [100, 100, 5] }))];
  let reads = 0;
  const sources = files.map(({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(sources)).series);
  const counted = series.slices.map((slice) => ({
    ...slice,
    source: {
      ...slice.source,
      read(from: number, to: number) {
        reads++;
        return slice.source.read(from, to);
      },
    },
  }));
  const engine = await createCpuEngine({ budgetBytes: BUDGET_BYTES });
  const decoding = withDecoder(engine, createNodeDecodePool({ workers: 0 }));
  const wanted = { ...series, slices: counted, grid: { ...series.grid, size } };
  const refused = await loadVolume(decoding, wanted).then(
    (volume) => volume.destroy(),
    (error) => error,
  );
  if (message === undefined) expect(refused).toBeUndefined();
  else {
    expect(isHounsfieldError(refused, "out-of-memory")).toBe(true);
    expect(refused.message).toMatch(message);
    expect(refused.fields).toEqual({ got: size[0] * size[1] * size[2] * 2, accepted: BUDGET_BYTES });
  }
  // Told before anything is decoded.
  expect(reads > 0).toBe(message === undefined);
  expect(engine.memory.bytes).toBe(0);
  engine.destroy();
});
