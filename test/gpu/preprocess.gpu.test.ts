import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import type { Engine } from "../../src/engine/engine.js";
import { createNodeDecodePool } from "../../src/node/decode_pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { preprocess } from "../../src/recipes/preprocess.js";
import type { PreprocessOptions } from "../../src/recipes/preprocess_options.js";
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

async function run(options: PreprocessOptions, sink: ArraySink, over: (on: Engine) => Engine = (on) => on) {
  const on = over(await engine());
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

describe("a series that the engine has no room for", () => {
  /** All that is known of each array, by name, and the labels of what was held. */
  async function made(options: PreprocessOptions, budgetBytes?: number) {
    const arrays: Record<string, unknown> = {};
    const held = new Set<string>();
    const over = (on: Engine): Engine =>
      Object.create(on, {
        limits: { value: { ...on.limits, budgetBytes } },
        allocate: {
          writable: true,
          value: (...wanted: Parameters<Engine["allocate"]>) => {
            held.add(wanted[0]);
            return on.allocate(...wanted);
          },
        },
      });
    const result = await run(
      options,
      {
        async array({ name, slabs, summary, ...rest }) {
          const hash = createHash("sha256");
          for await (const slab of slabs) hash.update(slab);
          arrays[name] = { ...rest, summary: await summary(), hash: hash.digest("hex") };
        },
        async image({ plane, hu }) {
          arrays[`image ${plane}`] = createHash("sha256").update(hu).digest("hex");
        },
      },
      over,
    );
    const { stages: _, peakEngineBytes: __, store, ...known } = result;
    return { arrays, known, held, store };
  }

  const all = { spacingMm: 7, window, lungs: "threshold", mip: true } as const;
  const streamed: readonly [string, PreprocessOptions][] = [
    ["the volume", {}],
    ["the volume as float32", { dtype: "float32" }],
    ["projections alone", { mip: true, omit: ["volume"] }],
    ["the windowed volume as acquired, and projections", { window, mip: true, omit: ["volume"] }],
    ["plain lungs alone", { lungs: "threshold", omit: ["volume"] }],
    ["all of it as acquired", { window, lungs: "threshold", mip: true }],
    ["all of it, resampled", all],
    ["resampled in integers and nothing else", { spacingMm: 7, exact: "integer", omit: ["volume"] }],
    [
      "plain lungs of the resampled volume",
      { spacingMm: 7, lungs: "threshold", omit: ["volume", "resampled"] },
    ],
    ["the windowed of the resampled, and projections", { ...all, omit: ["volume", "resampled"] }],
    ["refined lungs alone", { lungs: "refined", omit: ["volume"] }],
    ["refined lungs beside all of it, resampled", { ...all, lungs: "refined" }],
  ];
  test.each(streamed)("goes by: %s, the same to the bit", async (_, options) => {
    const whole = await made(options);
    const bytes = 34 * 32 * 24 * 2;
    const byAndBy = await made(options, bytes);
    expect(byAndBy.arrays).toEqual(whole.arrays);
    expect(byAndBy.known).toEqual(whole.known);
    expect([...byAndBy.held]).not.toContain("volume");
    expect(byAndBy.store).toBe("source");
    expect((await engine()).memory.snapshot()).toEqual({});
  });

  test("is there whole for what waits for its lungs", async () => {
    const cropped: PreprocessOptions = { lungs: "refined", crop: { marginMm: 10 } };
    expect((await made(cropped, 1000)).store).not.toBe("source");
  });
});
