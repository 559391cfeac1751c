import { afterEach, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { valueOfStored } from "../../src/core/value_scale.js";
import { createDecodePool, type DecodePool } from "../../src/decode/pool/pool.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { paddingOf } from "../../src/dicom/image/pixel_padding.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { storedToHu } from "../../src/volume/stored_to_hu.js";
import { channelWorker } from "../support/channel_worker.js";
import { corpusFile, hasCorpus } from "../support/dicom_data.js";
import { type CtFields, ctElements, EXPLICIT, element, file, item, joined } from "../support/dicom_file.js";
import { plainEngine } from "../support/plain_engine.js";
import { readSeries } from "../support/read_series.js";

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

/** A 3 x 2 slice of these 16-bit words, with more elements than ctElements has. */
function slice(
  words: readonly number[],
  fields: CtFields = {},
  more: readonly Uint8Array[] = [],
): ByteSource {
  const before = ctElements({ "0028,0101": 16, "0028,0102": 15, "0018,0050": "2", ...fields });
  const pixels = Uint8Array.from(words.flatMap((word) => [word & 255, (word >> 8) & 255]));
  const elements = [...before, ...more, element("7fe0,0010", "OW", pixels)];
  return bytesSource("slice.dcm", file({ transferSyntax: EXPLICIT, elements }));
}

async function read(source: ByteSource) {
  const [series] = await readSeries([source]);
  const pool = createDecodePool({ spawn: () => channelWorker(), size: 1 });
  pools.push(pool);
  const loaded = async () => {
    const volume = await loadVolume(plainEngine(pool), series);
    return { scale: volume.values, record: [...(await volume.read())] };
  };
  const load = async () => (await loaded()).record;
  const values = async () => {
    const { scale, record } = await loaded();
    return record.map((stored) => valueOfStored(scale, stored));
  };
  const codes = series.diagnostics.map(({ code }) => code).filter((code) => code !== "single-slice");
  return { series, load, loaded, values, codes };
}

const words16 = (...numbers: number[]) => new Uint8Array(Uint16Array.from(numbers).buffer);
const SIGNED = { "0028,0103": 1 };

describe("stored values to HU", () => {
  test.each<[string, CtFields, number[], number[]]>([
    ["unsigned, 16 bits", {}, [0, 1, 2, 1024, 4095, 33_000], [-1024, -1023, -1022, 0, 3071, 31_976]],
    ["signed", SIGNED, [0xffff, 0x8400, 0, 1, 2, 3], [-1025, -32_768, -1024, -1023, -1022, -1021]],
    [
      "signed, 12 of 16 bits",
      { ...SIGNED, "0028,0101": 12, "0028,0102": 11 },
      [0xfff, 0x800, 0x7ff, 0, 1, 2],
      [-1025, -3072, 1023, -1024, -1023, -1022],
    ],
    ["no intercept", { "0028,1052": undefined }, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]],
  ])("%s", async (_, fields, stored, hu) => {
    expect(await (await read(slice(stored, fields))).load()).toEqual(hu);
  });

  test("a slope of a half is the step of the record, not rounded", async () => {
    const { loaded } = await read(slice([0, 1, 2, 3, 4, 5], { "0028,1053": "0.5", "0028,1052": "0" }));
    const { scale, record } = await loaded();
    expect(scale).toEqual({ slope: 0.5, intercept: 16_384, units: "HU" });
    expect(record.map((stored) => valueOfStored(scale, stored))).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });

  test("beyond int16: a record shifted, and every value as it is", async () => {
    const { loaded } = await read(slice([0, 1, 2, 3, 4, 40_000]));
    const { scale, record } = await loaded();
    expect(scale).toEqual({ slope: 1, intercept: 31_744, units: "HU" });
    expect(record.map((stored) => valueOfStored(scale, stored))).toEqual([
      -1024, -1023, -1022, -1021, -1020, 38_976,
    ]);
  });

  test("units: Rescale Type, HU of a CT without one, none of another modality", async () => {
    const unitsOf = async (fields: CtFields) => {
      const { series, codes } = await read(slice([0, 1, 2, 3, 4, 5], fields));
      return [series.units, ...codes];
    };
    expect(await unitsOf({})).toEqual(["HU"]);
    expect(await unitsOf({ "0028,1054": "HU" })).toEqual(["HU"]);
    expect(await unitsOf({ "0028,1054": "MGML" })).toEqual(["MGML", "rescale-type"]);
    expect(await unitsOf({ "0008,0060": "MR" })).toEqual(["unspecified", "units-unspecified"]);
    expect(await unitsOf({ "0028,1053": "" })).toEqual(["unspecified", "rescale-missing"]);
  });
});

describe("padding", () => {
  const padding = (value: number, limit?: number) => [
    element("0028,0120", "SS", words16(value)),
    ...(limit === undefined ? [] : [element("0028,0121", "SS", words16(limit))]),
  ];

  test("keeps its rescaled value where int16 holds it, and is said", async () => {
    const { load, codes, series } = await read(slice([0xf830, 0, 1, 2, 3, 4], SIGNED, padding(-2000)));
    expect(await load()).toEqual([-3024, -1024, -1023, -1022, -1021, -1020]);
    expect(codes).toEqual(["pixel-padding"]);
    expect(series.diagnostics.at(-1)?.message).toMatch(/stored value -2000 is padding.*-3024 in the volume/);
  });

  test("that int16 cannot hold becomes air, and the rest is as it is", async () => {
    const { load, series } = await read(
      slice([0x8000, 0x8001, 0, 1, 2, 3], SIGNED, padding(-32_768, -32_767)),
    );
    expect(await load()).toEqual([-1024, -1024, -1024, -1023, -1022, -1021]);
    expect(series.diagnostics.at(-1)).toMatchObject({ severity: "warning", code: "pixel-padding" });
    const unsigned = await read(slice([63_536, 0, 1, 2, 3, 4], {}, [element("0028,0120", "US", 63_536)]));
    expect(await unsigned.load()).toEqual([-1024, -1024, -1023, -1022, -1021, -1020]);
  });

  test("beside values beyond int16, which are kept, padding becomes air all the same", async () => {
    const { values, series } = await read(
      slice([63_536, 63_535, 1, 2, 3, 4], {}, [element("0028,0120", "US", 63_536)]),
    );
    expect(await values()).toEqual([-1024, 62_511, -1023, -1022, -1021, -1020]);
    expect(series.diagnostics.at(-1)).toMatchObject({ severity: "warning", code: "pixel-padding" });
  });

  test("a limit on either side", async () => {
    for (const [value, limit] of [
      [-2000, -1990],
      [-1990, -2000],
    ]) {
      const header = await parseSlice(slice([0, 0, 0, 0, 0, 0], SIGNED, padding(value, limit)));
      expect(paddingOf(header)).toEqual({ low: -2000, high: -1990 });
    }
  });
});

describe("Modality LUT", () => {
  const WITHOUT_RESCALE: CtFields = { "0028,1052": undefined, "0028,1053": undefined };
  const table = (descriptor: Uint8Array, data: Uint8Array, type = "HU") => [
    element(
      "0028,3000",
      "SQ",
      item(
        joined([
          element("0028,3002", "US", descriptor),
          element("0028,3004", "LO", type),
          element("0028,3006", "OW", data),
        ]),
      ),
    ),
  ];

  test("maps stored values; before its ends the ends", async () => {
    const lut = table(words16(3, 10, 16), words16(100, 200, 400));
    const { load, codes, series } = await read(slice([9, 10, 11, 12, 13, 60_000], WITHOUT_RESCALE, lut));
    expect(await load()).toEqual([100, 100, 200, 400, 400, 400]);
    expect([series.units, ...codes]).toEqual(["HU", "modality-lut"]);
  });

  test("signed first value, 8-bit entries packed, other units", async () => {
    const lut = table(words16(4, 0xfffe, 8), Uint8Array.of(1, 2, 3, 250), "US");
    const stored = [0xfffd, 0xfffe, 0xffff, 0, 1, 2];
    const { load, codes, series } = await read(slice(stored, { ...WITHOUT_RESCALE, ...SIGNED }, lut));
    expect(await load()).toEqual([1, 1, 2, 3, 250, 250]);
    expect([series.units, ...codes]).toEqual(["US", "modality-lut", "rescale-type"]);
  });

  test("outputs beyond int16 scale the record; a rescale beside it holds; broken tables are refused", async () => {
    const high = await read(
      slice([0, 0, 0, 0, 0, 0], WITHOUT_RESCALE, table(words16(1, 0, 16), words16(40_000))),
    );
    expect(await high.values()).toEqual(Array(6).fill(40_000));
    const both = await read(slice([0, 1, 2, 3, 4, 5], {}, table(words16(1, 0, 16), words16(7))));
    expect(await both.load()).toEqual([-1024, -1023, -1022, -1021, -1020, -1019]);
    expect(both.codes).toEqual(["modality-lut-ignored"]);
    for (const broken of [
      table(words16(3, 0), words16(1, 2, 3)),
      table(words16(3, 0, 16), words16(1, 2)),
      table(words16(3, 0, 4), words16(1, 2, 3)),
    ]) {
      await expect(parseSlice(slice([0, 0, 0, 0, 0, 0], WITHOUT_RESCALE, broken))).rejects.toMatchObject({
        code: "malformed-dicom",
        fields: { tag: "(0028,3000)" },
      });
      // One that does not count need not be whole.
      const unused = await parseSlice(slice([0, 0, 0, 0, 0, 0], {}, broken));
      expect([unused.modalityLut, unused.diagnostics?.[0].code]).toEqual([undefined, "modality-lut-ignored"]);
    }
  });

  test.skipIf(!hasCorpus)(
    "mlut_18 of the corpus (needs ../shared/data): -2048 to 2047 onto all of 16 bits",
    async () => {
      const header = await parseSlice(corpusFile("bits/mlut_18.dcm"));
      expect(header.modalityLut).toMatchObject({ first: -2048, type: "US" });
      const small = { ...header, rows: 1, columns: 3 };
      expect([...storedToHu(Int16Array.of(-2048, -2047, -1), small)].slice(0, 3)).toEqual([0, 16, 32_759]);
      expect(() => storedToHu(Int16Array.of(-2048, 0, 0), small)).toThrow(/[0-9]+, beyond int16/);
    },
  );
});
