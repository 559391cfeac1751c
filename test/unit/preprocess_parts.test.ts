import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { preprocess } from "../../src/recipes/preprocess.js";
import type { PreprocessOptions } from "../../src/recipes/preprocess_options.js";
import type { ArraySink } from "../../src/recipes/preprocess_outputs.js";
import { withDecoder } from "../../src/volume/ct_engine.js";

const chest = chestPhantom({ size: [63, 64, 30] });

/** Hashes of all arrays by name, with their histories and summaries. */
async function madeWith(slabVoxels: number, omit: PreprocessOptions["omit"]) {
  const cpu = await createCpuEngine();
  const limits = { ...cpu.limits, slabVoxels, readVoxels: slabVoxels };
  const engine = withDecoder({ ...cpu, limits }, createNodeDecodePool({ workers: 0 }));
  const sources = [...phantomSeries(chest)].map(({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(sources)).series);
  const made = new Map<string, unknown>();
  const options = {
    spacingMm: 6,
    window: { lowHu: -1000, highHu: 400 },
    lungs: "threshold",
    omit,
  } as const;
  const sink: ArraySink = {
    async array({ name, shape, history, slabs, summary }) {
      const hash = createHash("sha256");
      for await (const slab of slabs) hash.update(slab);
      made.set(name, { sha256: hash.digest("hex"), shape, history, summary: await summary() });
    },
    async image() {},
  };
  const { lungMl } = await preprocess(engine, series, { ...options, sink });
  expect(cpu.memory.bytes).toBe(0);
  engine.destroy();
  return { lungMl, windowed: made.get("windowed"), lungs: made.get("lungs") };
}

test("plain lungs and the window are the same whether the resampled volume is ever there or goes by in slabs", async () => {
  const whole = await madeWith(2 ** 22, ["volume"]);
  expect(whole.lungMl).toBeGreaterThan(100);
  for (const slabVoxels of [2 ** 22, 4000])
    expect(await madeWith(slabVoxels, ["volume", "resampled"])).toEqual(whole);
});
