import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { type PreprocessOptions, preprocess } from "../../src/recipes/preprocess.js";
import type { ArraySink } from "../../src/recipes/preprocess_outputs.js";
import { withDecoder } from "../../src/volume/ct_engine.js";
import { testBothEngines } from "../support/gpu.js";

const engine = testBothEngines();
const files = [...phantomSeries(chestPhantom({ size: [33, 32, 24] }))].map(({ name, bytes }) =>
  bytesSource(name, bytes),
);
const window = { lowHu: -1000, highHu: 400 };

/**
 * Every way that slices take: the volume there whole, going by after it was loaded, and going by while it is
 * decoded.
 */
const ways: readonly [string, PreprocessOptions, readonly string[]][] = [
  ["the volume alone", {}, ["volume"]],
  [
    "all at once",
    { spacingMm: 10, window, lungs: "threshold", mip: true },
    ["volume", "mip-axial", "mip-coronal", "mip-sagittal", "resampled", "windowed", "lungs"],
  ],
  ["refined lungs", { lungs: "refined", omit: ["volume"] }, ["lungs"]],
  ["resampled that goes by", { spacingMm: 10 }, ["volume", "resampled"]],
  ["resampled in integers", { spacingMm: 10, exact: "integer", omit: ["volume"] }, ["resampled"]],
  [
    "slices that go by",
    { spacingMm: 10, window, lungs: "threshold", omit: ["volume", "resampled"] },
    ["windowed", "lungs"],
  ],
];

async function run(options: PreprocessOptions, sink: ArraySink) {
  const on = await engine();
  const decoding = withDecoder(on, createNodeDecodePool({ workers: 0 }));
  const series = chooseSeries((await listSeries(files)).series);
  return preprocess(decoding, series, { ...options, sink });
}

test.each(ways)(
  "%s: the arrays in their order, and nothing is left on the engine",
  async (_, options, names) => {
    const got: string[] = [];
    await run(options, {
      async array({ name, slabs, shape }) {
        let values = 0;
        for await (const slab of slabs) values += slab.length;
        expect(values).toBe(shape.reduce((product, n) => product * n));
        got.push(name);
      },
      async image() {},
    });
    expect(got).toEqual(names);
    expect((await engine()).memory.snapshot()).toEqual({});
  },
);

test.each(ways)("%s: a sink that fails leaves nothing on the engine", async (_, options) => {
  const full = new Error("the disk is full");
  const sink: ArraySink = {
    async array({ slabs }) {
      for await (const _ of slabs) throw full;
    },
    async image() {},
  };
  await expect(run(options, sink)).rejects.toBe(full);
  expect((await engine()).memory.snapshot()).toEqual({});
});

test("in integers the resampled volume is the same whichever way it takes, and says how it was made", async () => {
  const resampled = async (options: PreprocessOptions) => {
    const hash = createHash("sha256");
    const made: unknown[] = [];
    await run(options, {
      async array({ name, slabs, history }) {
        for await (const slab of slabs) if (name === "resampled") hash.update(slab);
        if (name === "resampled") made.push(history.options);
      },
      async image() {},
    });
    return { made, hash: hash.digest("hex") };
  };
  const options = { spacingMm: 4, exact: "integer" } as const;
  const whole = await resampled({ ...options, lungs: "refined" });
  expect(whole.made).toEqual([{ ...options, antialias: false }]);
  expect(await resampled(options)).toEqual(whole);
  expect(await resampled({ ...options, omit: ["volume"] })).toEqual(whole);
});

test("integers without a spacing are refused", async () => {
  const sink: ArraySink = { array: async () => {}, image: async () => {} };
  await expect(run({ exact: "integer" }, sink)).rejects.toMatchObject({ code: "invalid-option" });
});
