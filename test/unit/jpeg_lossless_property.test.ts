// Over 300 lines: every freedom the standard leaves an encoder, with the same random images.
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { type FrameDescription, rowPitch } from "../../src/core/frame.js";
import { parseJpegLosslessHeader } from "../../src/decode/codecs/jpeg_lossless/header.js";
import { createJpegLosslessCodec } from "../../src/decode/codecs/jpeg_lossless/jpeg_lossless.js";
import {
  compileJpegLossless,
  instantiateJpegLossless,
} from "../../src/decode/codecs/jpeg_lossless/kernel.js";
import { openScan, readDifferences, readSegment } from "../../src/decode/codecs/jpeg_lossless/scan.js";
import { encodeJpegLossless, type JpegLosslessOptions } from "../../src/phantom/jpeg_lossless_encode.js";
import type { JpegPredictor } from "../../src/phantom/jpeg_predict.js";
import { firstDifference } from "../support/arrays.js";
import { randomInteger, seededRandom } from "../support/random.js";

const PREDICTORS: readonly JpegPredictor[] = [1, 2, 3, 4, 5, 6, 7];
const four = await createJpegLosslessCodec();
const serial = await createJpegLosslessCodec({ cursors: 1 });

function describeFrame(
  options: Pick<JpegLosslessOptions, "rows" | "columns" | "precision">,
  signed = false,
): FrameDescription {
  const { rows, columns, precision } = options;
  return {
    transferSyntax: "1.2.840.10008.1.2.4.57",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: signed ? 1 : 0,
  };
}

/**
 * Noise of a random strength on a ramp that wraps around: short and long codes, and differences beyond the
 * range.
 */
function randomImage(random: () => number, count: number, precision: number): Uint16Array {
  const strength = 2 ** randomInteger(random, 0, precision);
  const step = random() * 3;
  return Uint16Array.from({ length: count }, (_, i) => (i * step + random() * strength) % 2 ** precision);
}

/** Two's complement in `precision` bits, as signed numbers. */
function asSigned(values: Uint16Array, precision: number): Int16Array {
  const shift = 32 - precision;
  return Int16Array.from(values, (value) => (value << shift) >> shift);
}

function decodesTo(bytes: Uint8Array, frame: FrameDescription, values: ArrayLike<number>): void {
  for (const codec of [four, serial]) {
    const got = codec.decode(bytes, frame);
    const at = firstDifference(got, values);
    if (at >= 0) expect({ at, got: got[at] }).toEqual({ at, got: values[at] });
  }
}

describe.each(PREDICTORS)("predictor %i", (predictor) => {
  test.each([2, 3, 7, 8, 9, 12, 15, 16])("%i bits: random sizes, restarts, tables and signs", (precision) => {
    const random = seededRandom(predictor * 100 + precision);
    for (let n = 0; n < 12; n++) {
      const [rows, columns] = [randomInteger(random, 1, 40), randomInteger(random, 1, 70)];
      const restartRows = random() < 0.5 ? 0 : randomInteger(random, 1, rows);
      const options: JpegLosslessOptions = {
        rows,
        columns,
        precision,
        predictor,
        restartRows,
        huffman: random() < 0.5 ? "fixed" : "optimal",
      };
      const signed = random() < 0.5;
      const image = randomImage(random, rows * columns, precision);
      const values = signed ? asSigned(image, precision) : image;
      decodesTo(encodeJpegLossless(values, options), describeFrame(options, signed), values);
    }
  });

  test("point transforms drop the low bits and nothing else", () => {
    const random = seededRandom(7000 + predictor);
    for (const precision of [4, 8, 12, 16]) {
      for (const pointTransform of [1, 2, precision - 1]) {
        const options = { rows: 13, columns: 21, precision, predictor, pointTransform, restartRows: 5 };
        const values = randomImage(random, 13 * 21, precision);
        const kept = values.map((value) => (value >> pointTransform) << pointTransform);
        decodesTo(encodeJpegLossless(values, options), describeFrame(options), kept);
      }
    }
  });

  test("frames long enough for four cursors, odd widths", () => {
    const random = seededRandom(8000 + predictor);
    for (const [rows, columns, precision] of [
      [200, 181, 12],
      [97, 333, 16],
      [500, 509, 9],
    ]) {
      const options = { rows, columns, precision, predictor };
      const values = randomImage(random, rows * columns, precision);
      decodesTo(encodeJpegLossless(values, options), describeFrame(options), values);
    }
  });
});

/** How many pieces a frame was decoded in: 4 where the cursors met, 1 where the serial way was taken. */
async function pieceCount(bytes: Uint8Array, rows: number): Promise<number> {
  const kernel = instantiateJpegLossless(await compileJpegLossless());
  const header = parseJpegLosslessHeader(bytes);
  const source = openScan(kernel, bytes, header, rows);
  const segment = readSegment(kernel, source, header.scanOffset);
  return readDifferences(kernel, source, segment, rows * header.columns, true).length;
}

describe("four cursors", () => {
  test("meet in a noisy image", async () => {
    const options = { rows: 256, columns: 256, precision: 12 };
    const random = seededRandom(1);
    const values = Uint16Array.from({ length: 65536 }, () => 1000 + 40 * (random() + random() + random()));
    const bytes = encodeJpegLossless(values, options);
    expect(await pieceCount(bytes, 256)).toBe(4);
    decodesTo(bytes, describeFrame(options), values);
  });

  test("never meet where every symbol has 7 bits; the serial way is taken", async () => {
    const options = { rows: 256, columns: 256, precision: 12 };
    const random = seededRandom(2);
    let value = 0;
    // Category 6 - n with probability 2^-(n + 1): its code has n + 1 bits, and so code and extra bits
    // together have 7.
    const values = Uint16Array.from({ length: 65536 }, () => {
      const category = 6 - Math.min(5, Math.floor(-Math.log2(1 - random())));
      const size = 2 ** (category - 1) + Math.floor(random() * 2 ** (category - 1));
      value += value + size > 4095 || (random() < 0.5 && value >= size) ? -size : size;
      return value;
    });
    const bytes = encodeJpegLossless(values, options);
    expect(await pieceCount(bytes, 256)).toBe(1);
    decodesTo(bytes, describeFrame(options), values);
  });
});

describe("what the header says and what the code stream says", () => {
  const options = { rows: 9, columns: 11, precision: 16 };
  const random = seededRandom(3);
  const values = Uint16Array.from({ length: 99 }, () => random() * 65536);
  const bytes = encodeJpegLossless(values, options);
  const frame = describeFrame(options);

  test("12 bits stored in 16-bit samples: the rest is cut off", () => {
    decodesTo(
      bytes,
      { ...frame, bitsStored: 12, highBit: 11 },
      values.map((value) => value & 0xfff),
    );
    const signed = { ...frame, bitsStored: 12, highBit: 11, pixelRepresentation: 1 } as const;
    decodesTo(bytes, signed, asSigned(values, 12));
  });

  test("HighBit 15 with 12 bits stored: the values are the high bits", () => {
    decodesTo(
      bytes,
      { ...frame, bitsStored: 12, highBit: 15 },
      values.map((value) => value >> 4),
    );
  });

  test("12-bit samples where the header says 16 signed: the code stream's sign bit counts", () => {
    const narrow = { ...options, precision: 12 };
    const signed = asSigned(values, 12);
    const wide = { ...frame, pixelRepresentation: 1 } as const;
    decodesTo(encodeJpegLossless(signed, narrow), wide, signed);
  });

  test("HU rows of odd images are padded with 0", () => {
    const small = encodeJpegLossless(
      values.map((value) => value & 0xfff),
      { ...options, precision: 12 },
    );
    const description = describeFrame({ ...options, precision: 12 });
    const hu = four.decodeHu!(small, description, { slope: 2, intercept: -1000 });
    const pitch = rowPitch(11);
    expect(pitch).toBe(12);
    const expected = Int16Array.from({ length: 9 * pitch }, (_, i) =>
      i % pitch === 11 ? 0 : (values[Math.floor(i / pitch) * 11 + (i % pitch)] & 0xfff) * 2 - 1000,
    );
    expect(firstDifference(hu, expected)).toBe(-1);
  });

  test("HU beyond int16 are refused, whatever the arithmetic makes of them", () => {
    const got = [Math.min(...values), Math.max(...values)];
    expect(() => four.decodeHu!(bytes, frame, { slope: 1, intercept: 0 })).toThrow(
      expect.objectContaining({ code: "value-range", fields: expect.objectContaining({ got }) }),
    );
  });

  test.each([
    ["rows", { rows: 10 }, "decode-failed"],
    ["columns", { columns: 10 }, "decode-failed"],
    ["bits allocated", { bitsAllocated: 8, bitsStored: 8, highBit: 7 }, "decode-failed"],
    ["color", { samplesPerPixel: 3 }, "unsupported-image"],
  ])("%s that differ are refused", (_, change, code) => {
    expect(() => four.decode(bytes, { ...frame, ...change })).toThrow(expect.objectContaining({ code }));
  });

  test("a size that the bytes cannot hold is refused before memory is taken", () => {
    const large = bytes.slice();
    const sof = large.indexOf(0xc3);
    large.set([0xff, 0xff, 0xff, 0xff], sof + 4);
    const huge = { ...frame, rows: 65535, columns: 65535 };
    expect(() => four.decode(large, huge)).toThrow(expect.objectContaining({ code: "truncated" }));
  });
});

describe("ends of the code stream", () => {
  const options = { rows: 8, columns: 8, precision: 8, huffman: "fixed" } as const;
  const frame = describeFrame(options);

  test("the last code may end on any bit of a byte", () => {
    const seen = new Set<number>();
    const random = seededRandom(4);
    for (let n = 0; n < 40; n++) {
      const values = randomImage(random, 64, 8);
      const bytes = encodeJpegLossless(values, options);
      seen.add(codedBits(values) % 8);
      decodesTo(bytes, frame, values);
      decodesTo(Uint8Array.of(...bytes, 0), frame, values);
      decodesTo(bytes.subarray(0, bytes.length - 2), frame, values);
    }
    expect(seen.size).toBe(8);
  });

  test("the line count may come in a DNL marker; it must be right", () => {
    const values = randomImage(seededRandom(5), 64, 8);
    const bytes = encodeJpegLossless(values, options);
    const scan = bytes.slice(0, bytes.length - 2);
    scan.set([0, 0], scan.indexOf(0xc3) + 4);
    decodesTo(Uint8Array.of(...scan, 0xff, 0xdc, 0, 4, 0, 8, 0xff, 0xd9), frame, values);
    for (const wrong of [
      [0xff, 0xdc, 0, 4, 0, 9],
      [0xff, 0xd9],
      [0xff, 0xdc, 0, 4],
    ]) {
      expect(() => four.decode(Uint8Array.of(...scan, ...wrong), frame)).toThrow(/DNL/);
    }
  });
});

/** Bits that the fixed table (T.81 K.3, continued) and predictor 1 take for an 8 x 8 image of 8 bits. */
function codedBits(values: Uint16Array): number {
  const lengths = [2, 3, 3, 3, 3, 3, 4, 5, 6];
  let bits = 0;
  values.forEach((value, i) => {
    const predicted = i === 0 ? 128 : i % 8 === 0 ? values[i - 8] : values[i - 1];
    const category = 32 - Math.clz32(Math.abs(value - predicted));
    bits += lengths[category] + category;
  });
  return bits;
}

describe("headers that are refused", () => {
  const options = { rows: 4, columns: 4, precision: 8 };
  const bytes = encodeJpegLossless(new Uint16Array(16).fill(7), options);
  const frame = describeFrame(options);
  const at = (marker: number) => bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
  const patched = (offset: number, ...values: number[]) => {
    const copy = bytes.slice();
    copy.set(values, offset);
    return copy;
  };
  const sof = at(0xc3);
  const dht = at(0xc4);
  const sos = at(0xda);

  test.each([
    ["no SOI", patched(0, 0), /SOI/],
    ["a DCT frame", patched(sof + 1, 0xc0), /baseline DCT/],
    ["JPEG-LS", patched(sof + 1, 0xf7), /JPEG-LS/],
    ["precision 1", patched(sof + 4, 1), /precision 1/],
    ["precision 17", patched(sof + 4, 17), /precision 17/],
    ["no columns", patched(sof + 7, 0, 0), /no columns/],
    ["three components", patched(sof + 9, 3), /color/],
    ["category 17", patched(dht + 21, 17), /category 17/],
    ["too many codes", patched(dht + 5, 255), /symbols|codes/],
    ["an empty table", patched(dht + 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), /cut short|empty/],
    ["predictor 0", patched(sos + 7, 0), /predictor 0/],
    ["predictor 8", patched(sos + 7, 8), /predictor 8/],
    ["point transform 8", patched(sos + 9, 8), /point transform/],
    ["a table that is not there", patched(sos + 6, 0x30), /table 3/],
    ["another component", patched(sos + 5, 9), /component 9/],
    ["a segment of length 1", patched(sof + 2, 0, 1), /length 1/],
    ["a segment beyond the end", patched(sof + 2, 0xff, 0xff), /declares 65535/],
    ["an unknown marker", patched(sof + 1, 0x02), /unknown JPEG marker FF02/],
    ["a restart marker in the headers", patched(sof + 1, 0xd3), /FFD3/],
    ["EOI in the headers", patched(sof + 1, 0xd9), /FFD9/],
  ])("%s", (_, broken, message) => {
    let error: unknown;
    try {
      four.decode(broken, frame);
    } catch (thrown) {
      error = thrown;
    }
    expect(isHounsfieldError(error, "decode-failed", "truncated", "unsupported-image")).toBe(true);
    expect((error as Error).message).toMatch(message);
  });

  test("a restart interval that cuts a line", () => {
    const dri = [0xff, 0xdd, 0, 4, 0, 3];
    const broken = Uint8Array.of(...bytes.subarray(0, sos), ...dri, ...bytes.subarray(sos));
    expect(() => four.decode(broken, frame)).toThrow(/restart interval 3/);
  });

  test("restart markers out of order", () => {
    const restarted = encodeJpegLossless(new Uint16Array(16).fill(7), { ...options, restartRows: 1 });
    const first = restarted.findIndex((byte, i) => byte === 0xff && restarted[i + 1] === 0xd0);
    restarted[first + 1] = 0xd1;
    expect(() => four.decode(restarted, frame)).toThrow(/RST0 expected, got FFD1/);
  });
});
