import { afterEach, describe, expect, test } from "vitest";
import { createDecodePool, type DecodePool } from "../../src/decode/pool/pool.js";
import { parseSlices } from "../../src/dicom/image/parse_header.js";
import { listSeries, type Series } from "../../src/dicom/series/list_series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { channelWorker } from "../support/channel_worker.js";
import { ctSource } from "../support/dicom_file.js";
import {
  type EnhancedDescription,
  enhancedSource,
  type Items,
  longs,
  measuresMacro,
  orientationMacro,
  positionMacro,
  valuesMacro,
} from "../support/enhanced_ct.js";
import { plainEngine } from "../support/plain_engine.js";
import { readSeries } from "../support/read_series.js";

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

async function huOf(series: Series): Promise<number[]> {
  const pool = createDecodePool({ spawn: () => channelWorker(), size: 2 });
  pools.push(pool);
  return [...(await (await loadVolume(plainEngine(pool), series)).read())];
}

const SHARED: Items = {
  ...orientationMacro("1\\0\\0\\0\\1\\0"),
  ...measuresMacro("0.75\\0.5", "2"),
  ...valuesMacro("1", "-1024"),
};
const at = (z: number) => positionMacro(`-10\\-20\\${z}`);
const content = (items: Items): Items => ({ "0020,9111": [items] });
/** Six stored values of the frame at z. */
const pixels = (z: number) => Array.from({ length: 6 }, (_, i) => 1000 + 10 * z + i);
const huAt = (z: number) => pixels(z).map((stored) => stored - 1024);

const enhanced = (zs: readonly number[], more: Partial<EnhancedDescription> = {}) =>
  enhancedSource("enhanced", { shared: SHARED, perFrame: zs.map(at), frames: zs.map(pixels), ...more });

describe("enhanced CT", () => {
  test("shared and per-frame groups, frames in any order: the volume of its positions", async () => {
    const [series] = await readSeries([enhanced([34, 30, 36, 32])]);
    expect(series.grid).toEqual({
      size: [3, 2, 4],
      spacingMm: [0.5, 0.75, 2],
      originMm: [-10, -20, 30],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    expect(series.slices.map(({ frame }) => frame)).toEqual([1, 3, 0, 2]);
    expect(series.units).toBe("HU");
    expect(await huOf(series)).toEqual([30, 32, 34, 36].flatMap(huAt));
  });

  test("a frame's own groups hold over what is shared, rescale too", async () => {
    const perFrame = [30, 32].map((z) => ({ ...at(z), ...valuesMacro("2", String(-z)) }));
    const [series] = await readSeries([enhanced([30, 32], { perFrame })]);
    expect(await huOf(series)).toEqual([30, 32].flatMap((z) => pixels(z).map((stored) => 2 * stored - z)));
    expect(series.diagnostics.map(({ code }) => code)).toContain("rescale-varies");
  });

  test("geometry all in the per-frame groups", async () => {
    const perFrame = [30, 32, 34].map((z) => ({ ...SHARED, ...at(z) }));
    const [series] = await readSeries([enhanced([30, 32, 34], { shared: undefined, perFrame })]);
    expect(series.grid.size).toEqual([3, 2, 3]);
  });

  test.each<[string, string, readonly string[], (time: number, place: number) => Items]>([
    ["temporal position index", "temporal position", [], (time) => ({ "0020,9128": longs(time) })],
    ["frame acquisition number", "acquisition number", [], (time) => ({ "0020,9156": ["US", time] })],
    [
      "dimension index",
      "dimension index",
      ["0020,9056", "0020,9057", "0018,9324"],
      (time, place) => ({ "0020,9157": longs(1, place, time) }),
    ],
  ])("4D by %s: a volume each", async (_, name, dimensions, items) => {
    const frames = [1, 2].flatMap((time) => [0, 1, 2].map((place) => ({ time, place, z: 30 + 2 * place })));
    const perFrame = frames.map(({ time, place, z }) => ({ ...at(z), ...content(items(time, place + 1)) }));
    const source = enhanced([], {
      perFrame,
      dimensions,
      frames: frames.map(({ time, z }) => pixels(z + 100 * time)),
    });
    const { series } = await listSeries([source]);
    expect(series.map(({ part, refusal }) => [refusal, part?.startsWith(name)])).toEqual([
      [undefined, true],
      [undefined, true],
    ]);
    expect(await huOf(series[1] as Series)).toEqual([30, 32, 34].flatMap((z) => huAt(z + 200)));
  });

  test("stacks of other orientation or other Stack ID are other volumes", async () => {
    const turned = { ...at(30), ...orientationMacro("0\\1\\0\\0\\0\\-1") };
    const withoutOrientation = { ...measuresMacro("0.75\\0.5", "2"), ...valuesMacro("1", "-1024") };
    const perFrame = [
      ...[30, 32].map((z) => ({ ...at(z), ...orientationMacro("1\\0\\0\\0\\1\\0") })),
      turned,
    ];
    const mixed = enhanced([30, 32, 30], { shared: withoutOrientation, perFrame });
    const { series } = await listSeries([mixed]);
    expect(series.map(({ slices }) => slices.length)).toEqual([2, 1]);
    const stacks = [30, 32, 50, 53].map((z, i) => ({
      ...at(z),
      ...content({ "0020,9056": ["SH", i < 2 ? "1" : "2"] }),
    }));
    const two = await listSeries([enhanced([30, 32, 50, 53], { perFrame: stacks })]);
    expect(two.series.map((one) => (one as Series).grid.spacingMm[2])).toEqual([2, 3]);
  });

  test("a concatenation in two files is one volume; two images are two", async () => {
    const [a, b] = [
      [30, 34],
      [36, 32],
    ].map((zs, i) => ({ zs, name: `part-${i}` }));
    const source = ({ zs, name }: typeof a, fields: EnhancedDescription["fields"]) => ({
      ...enhanced(zs, { fields }),
      name,
    });
    const whole = await readSeries([a, b].map((part) => source(part, { "0020,9161": "1.2.9" })));
    expect(whole.map(({ grid }) => grid.size[2])).toEqual([4]);
    expect(await huOf(whole[0])).toEqual([30, 32, 34, 36].flatMap(huAt));
    expect(await readSeries([a, b].map((part) => source(part, {})))).toHaveLength(2);
  });

  test("enhanced images of one frame each are slices of one volume", async () => {
    const sources = [34, 30, 32].map((z) => ({ ...enhanced([z]), name: `one-${z}` }));
    const [series] = await readSeries(sources);
    expect(series.slices.map(({ source, frame }) => [source.name, frame])).toEqual(
      [30, 32, 34].map((z) => [`one-${z}`, undefined]),
    );
    expect(await huOf(series)).toEqual([30, 32, 34].flatMap(huAt));
  });

  test("a frame is named in refusals", async () => {
    const gap = readSeries([enhanced([30, 32, 34, 40])]);
    await expect(gap).rejects.toThrow(/^enhanced frame 4: lies 6 mm from enhanced frame 3/);
    const [filled] = await readSeries([enhanced([30, 32, 34, 40])], { allow: ["gaps"] });
    const between = [1, 2].flatMap((n) =>
      pixels(0).map((stored) => Math.round(stored + 340 + 20 * n) - 1024),
    );
    expect((await huOf(filled)).slice(18, 30)).toEqual(between);
  });

  test("as many groups as frames, or none", async () => {
    const few = enhanced([30, 32], { perFrame: [at(30)] });
    await expect(parseSlices(few)).rejects.toMatchObject({
      code: "malformed-dicom",
      fields: { tag: "(5200,9230)", got: 1, accepted: 2 },
    });
    const plain = ctSource("plain", { "0028,0008": "2", "0028,0010": 1 });
    const [header] = await parseSlices(plain);
    expect([header.numberOfFrames, header.frame]).toEqual([2, undefined]);
    // Slices that no place is known of, as in any other stack: what could be assumed can be offered.
    await expect(readSeries([plain])).rejects.toMatchObject({ code: "unfaithful-geometry" });
  });
});

test("frames of an MR at one place are told apart by Effective Echo Time (0018,9082)", async () => {
  const echo = (ms: number): Items => ({
    "0018,9114": [{ "0018,9082": ["FD", new Uint8Array(Float64Array.of(ms).buffer)] }],
  });
  const of = (second: number) => {
    const perFrame = [30, 32, 34].flatMap((z) => [20, second].map((ms) => ({ ...at(z), ...echo(ms) })));
    const frames = [30, 32, 34].flatMap((z) => [pixels(z), pixels(z + 100)]);
    const fields = { "0008,0060": "MR", "0008,0016": "1.2.840.10008.5.1.4.1.1.4.1" };
    return readSeries([enhancedSource("mr", { shared: SHARED, perFrame, frames, fields })]);
  };
  const parts = await of(80);
  expect(parts.map(({ part, slices }) => [part, slices.map(({ frame }) => frame)])).toEqual([
    ["echo time 20", [0, 2, 4]],
    ["echo time 80", [1, 3, 5]],
  ]);
  expect(parts.every(({ slices }) => slices.every(({ echoTimeMs }) => echoTimeMs! > 0))).toBe(true);
  // One echo time at each place tells nothing apart.
  await expect(of(20)).rejects.toMatchObject({ code: "unfaithful-geometry" });
});
