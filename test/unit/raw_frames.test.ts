import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import { codecFor } from "../../src/decode/codec_modules.js";
import { toHu } from "../../src/decode/codecs/common/hu.js";
import { createRawCodec } from "../../src/decode/codecs/raw/raw.js";
import { supportedTransferSyntaxes } from "../../src/decode/registry.js";
import { corpusFile, corpusRows, hasData, readEncodedImage } from "../support/dicom_fragments.js";

const base: FrameDescription = {
  transferSyntax: "1.2.840.10008.1.2.1",
  rows: 1,
  columns: 4,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
};
const raw = await createRawCodec();

function decode(bytes: number[], frame: Partial<FrameDescription>): number[] {
  return [...raw.decode(Uint8Array.from(bytes), { ...base, ...frame })];
}

function errorOf(run: () => unknown): { code: string; message: string; fields: object } {
  try {
    run();
  } catch (error) {
    if (isHounsfieldError(error)) return error;
    throw error;
  }
  throw new Error("no error was thrown");
}

describe("raw little endian", () => {
  test("16 bits, unsigned and signed", () => {
    const bytes = [0x00, 0x00, 0xff, 0x7f, 0x00, 0x80, 0xff, 0xff];
    expect(decode(bytes, {})).toEqual([0, 32767, 32768, 65535]);
    expect(decode(bytes, { pixelRepresentation: 1 })).toEqual([0, 32767, -32768, -1]);
  });

  test("8 bits, unsigned and signed", () => {
    const frame = { bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    expect(decode([0, 127, 128, 255], frame)).toEqual([0, 127, 128, 255]);
    expect(decode([0, 127, 128, 255], { ...frame, pixelRepresentation: 1 })).toEqual([0, 127, -128, -1]);
  });

  test("32 bits, whole and in part, unsigned and signed", () => {
    const bytes = [1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff];
    const frame = { bitsAllocated: 32, bitsStored: 32, highBit: 31 };
    expect(decode(bytes, frame)).toEqual([1, 0x7fffffff, 0x80000000, 0xffffffff]);
    expect(decode(bytes, { ...frame, pixelRepresentation: 1 })).toEqual([1, 0x7fffffff, -0x80000000, -1]);
    const part = { bitsAllocated: 32, bitsStored: 31, highBit: 30 };
    expect(decode(bytes, part)).toEqual([1, 0x7fffffff, 0, 0x7fffffff]);
    expect(decode(bytes, { ...part, pixelRepresentation: 1 })).toEqual([1, -1, 0, -1]);
    const upper = { bitsAllocated: 32, bitsStored: 31, highBit: 31 };
    expect(decode(bytes, { ...upper, pixelRepresentation: 1 })).toEqual([0, 0x3fffffff, -0x40000000, -1]);
  });

  test("12 of 16 bits: bits above are cut off, the sign is extended from bit 11", () => {
    const bytes = [0xff, 0x0f, 0xff, 0xf7, 0x00, 0x38, 0x01, 0xf0];
    expect(decode(bytes, { bitsStored: 12, highBit: 11 })).toEqual([4095, 2047, 2048, 1]);
    expect(decode(bytes, { bitsStored: 12, highBit: 11, pixelRepresentation: 1 })).toEqual([
      -1, 2047, -2048, 1,
    ]);
  });

  test("HighBit above BitsStored - 1: the values are shifted down", () => {
    const bytes = [0x1f, 0x00, 0xf0, 0xff, 0x00, 0x80, 0xef, 0x7f];
    expect(decode(bytes, { bitsStored: 12, highBit: 15 })).toEqual([1, 4095, 2048, 2046]);
    expect(decode(bytes, { bitsStored: 12, highBit: 15, pixelRepresentation: 1 })).toEqual([
      1, -1, -2048, 2046,
    ]);
  });

  test("plain values are a view of the bytes, odd offsets are copied", () => {
    const bytes = Uint8Array.of(9, 1, 0, 2, 0, 3, 0, 4, 0, 0);
    const copied = raw.decode(bytes.subarray(1, 9), base);
    expect([...copied]).toEqual([1, 2, 3, 4]);
    expect(copied.buffer).not.toBe(bytes.buffer);
    const even = bytes.subarray(0, 8);
    expect(raw.decode(even, base).buffer).toBe(bytes.buffer);
  });

  test("a frame cut short is refused with its offset, one with padding is not", () => {
    const error = errorOf(() => decode([1, 2, 3, 4, 5, 6, 7], {}));
    expect(error.code).toBe("truncated");
    expect(error.fields).toMatchObject({ offset: 7, got: 7, accepted: 8 });
    expect(decode([1, 0, 2, 0, 3, 0, 4, 0, 9, 9], {})).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ["color", { samplesPerPixel: 3 }, "unsupported-image"],
    ["1 bit allocated", { bitsAllocated: 1, bitsStored: 1, highBit: 0 }, "unsupported-image"],
    ["64 bits allocated", { bitsAllocated: 64, bitsStored: 64, highBit: 63 }, "unsupported-image"],
    ["BitsStored above BitsAllocated", { bitsStored: 17 }, "malformed-dicom"],
    ["BitsStored 0", { bitsStored: 0 }, "malformed-dicom"],
    ["HighBit below BitsStored - 1", { highBit: 11 }, "malformed-dicom"],
    ["HighBit beyond the container", { bitsStored: 12, highBit: 16 }, "malformed-dicom"],
    ["no rows", { rows: 0 }, "malformed-dicom"],
    ["a fraction of a column", { columns: 2.5 }, "malformed-dicom"],
  ])("%s is refused", (_, frame, code) => {
    expect(errorOf(() => decode([1, 0, 2, 0, 3, 0, 4, 0], frame)).code).toBe(code);
  });
});

describe("stored values to HU", () => {
  const odd = { ...base, rows: 2, columns: 3 };

  test("odd rows are padded with one 0, even rows not at all", () => {
    const hu = toHu(Uint16Array.of(0, 1, 2, 3, 4, 5), odd, { slope: 2, intercept: -1024 });
    expect([...hu]).toEqual([-1024, -1022, -1020, 0, -1018, -1016, -1014, 0]);
    const even = toHu(Int16Array.of(-5, 6), { ...base, columns: 2 }, { slope: 1, intercept: 1 });
    expect([...even]).toEqual([-4, 7]);
  });

  test("fractions are rounded half away from zero", () => {
    const stored = Int16Array.of(-3, -1, 0, 1, 3, 5);
    const hu = toHu(stored, { ...base, columns: 6 }, { slope: 0.5, intercept: 0 });
    expect([...hu]).toEqual([-2, -1, 0, 1, 2, 3]);
  });

  test("the ends of int16 pass, one beyond does not", () => {
    const stored = Uint16Array.of(0, 65535);
    const frame = { ...base, columns: 2 };
    expect([...toHu(stored, frame, { slope: 1, intercept: -32768 })]).toEqual([-32768, 32767]);
    const error = errorOf(() => toHu(stored, frame, { slope: 1, intercept: -32767 }));
    expect(error.code).toBe("value-range");
    expect(error.fields).toMatchObject({ got: [-32767, 32768], accepted: [-32768, 32767] });
  });

  test.each([
    { slope: 0, intercept: 0 },
    { slope: Number.NaN, intercept: 0 },
    { slope: 1, intercept: Number.POSITIVE_INFINITY },
  ])("slope $slope, intercept $intercept is refused", (rescale) => {
    expect(errorOf(() => toHu(Uint16Array.of(1), { ...base, columns: 1 }, rescale)).code).toBe(
      "malformed-dicom",
    );
  });
});

describe("registry", () => {
  test("gives a codec for each transfer syntax it lists", async () => {
    const supported = supportedTransferSyntaxes();
    expect(supported).toEqual(expect.arrayContaining(["1.2.840.10008.1.2", "1.2.840.10008.1.2.4.70"]));
    for (const uid of supported) expect(typeof (await codecFor(uid)).decode).toBe("function");
  });

  test.each([
    ["1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile"],
    ["999.888.777.INVALID", "999.888.777.INVALID"],
  ])("refuses %s by name", async (uid, name) => {
    await expect(codecFor(uid)).rejects.toMatchObject({
      code: "unsupported-transfer-syntax",
      message: expect.stringContaining(name),
      fields: { transferSyntax: uid, accepted: supportedTransferSyntaxes() },
    });
  });
});

const rows = corpusRows().filter(
  (row) =>
    row.expected === "decode" &&
    /^1\.2\.840\.10008\.1\.2(\.1)?$/.test(row.transfer_syntax) &&
    (row.bits_allocated === "8" || row.bits_allocated === "16"),
);

test.skipIf(!hasData)("every uncompressed image of the corpus gives its hash (needs ../shared/data)", () => {
  expect(rows.length).toBeGreaterThan(100);
  const wrong = rows.filter((row) => {
    const { frames, frame } = readEncodedImage(corpusFile(row));
    const hash = createHash("sha256");
    for (const bytes of frames) {
      const { buffer, byteOffset, byteLength } = raw.decode(bytes, frame);
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    return hash.digest("hex") !== row.values_sha256;
  });
  expect(wrong.map(({ file }) => file)).toEqual([]);
});
