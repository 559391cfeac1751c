import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import dicomParser from "dicom-parser";
import { describe, expect, test } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import { toHu } from "../../src/decode/codecs/common/hu.js";
import { createRleCodec } from "../../src/decode/codecs/rle/rle.js";
import { firstDifference } from "../support/arrays.js";
import { corpusFile, corpusRows, hasData } from "../support/dicom_fragments.js";
import { randomInteger, seededRandom } from "../support/random.js";
import { encodeRle } from "../support/rle_encode.js";

const codec = await createRleCodec();

function frameOf(rows: number, columns: number, bitsAllocated: 8 | 16): FrameDescription {
  return {
    transferSyntax: "1.2.840.10008.1.2.5",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated,
    bitsStored: bitsAllocated,
    highBit: bitsAllocated - 1,
    pixelRepresentation: 0,
  };
}

/** From all noise (`length` 1) to long stretches of one value. */
function image(count: number, bits: number, length: number, random: () => number): Uint16Array {
  let value = 0;
  return Uint16Array.from({ length: count }, () => {
    if (random() * length < 1) value = randomInteger(random, 0, 2 ** bits - 1);
    return value;
  });
}

const SIZES = [
  [1, 1],
  [1, 2],
  [3, 5],
  [1, 127],
  [1, 128],
  [1, 129],
  [16, 16],
  [31, 33],
  [64, 300],
] as const;

describe.each([8, 16] as const)("%i bits allocated", (bitsAllocated) => {
  test.each(["pairs", "triples", "literal", "noops"] as const)("runs cut as %s", (style) => {
    const random = seededRandom(bitsAllocated);
    for (const [rows, columns] of SIZES) {
      for (const length of [1, 1.5, 3, 20, 400]) {
        const samples = image(rows * columns, bitsAllocated, length, random);
        const bytes = encodeRle(samples, { bitsAllocated, style });
        const values = codec.decode(bytes, frameOf(rows, columns, bitsAllocated));
        expect(firstDifference(values, samples), `${rows} x ${columns}, length ${length}`).toBe(-1);
      }
    }
  });

  test("signed, and with the stored bits anywhere", () => {
    const random = seededRandom(7);
    const [rows, columns] = [19, 23];
    const samples = image(rows * columns, bitsAllocated, 2, random);
    const bytes = encodeRle(samples, { bitsAllocated });
    for (let bitsStored = 1; bitsStored <= bitsAllocated; bitsStored++) {
      const highBit = randomInteger(random, bitsStored - 1, bitsAllocated - 1);
      for (const pixelRepresentation of [0, 1] as const) {
        const frame = { ...frameOf(rows, columns, bitsAllocated), bitsStored, highBit, pixelRepresentation };
        const sign = pixelRepresentation * 2 ** (bitsStored - 1);
        const expected = Array.from(
          samples,
          (sample) => (((sample >> (highBit + 1 - bitsStored)) % 2 ** bitsStored) ^ sign) - sign,
        );
        expect(firstDifference(codec.decode(bytes, frame), expected), `${bitsStored} of ${highBit}`).toBe(-1);
      }
    }
  });
});

test("the container is the header's", () => {
  const bytes = encodeRle([200, 7], { bitsAllocated: 8 });
  const frame = frameOf(1, 2, 8);
  expect(codec.decode(bytes, frame)).toEqual(Uint8Array.of(200, 7));
  expect(codec.decode(bytes, { ...frame, pixelRepresentation: 1 })).toEqual(Int8Array.of(-56, 7));
  const wide = encodeRle([40000, 7], { bitsAllocated: 16 });
  expect(codec.decode(wide, frameOf(1, 2, 16))).toEqual(Uint16Array.of(40000, 7));
  expect(codec.decode(wide, { ...frameOf(1, 2, 16), pixelRepresentation: 1 })).toEqual(
    Int16Array.of(-25536, 7),
  );
});

test("fused HU equals stored values rescaled afterwards", () => {
  const random = seededRandom(3);
  for (const [rows, columns] of SIZES) {
    const samples = image(rows * columns, 12, 3, random);
    const bytes = encodeRle(samples, { bitsAllocated: 16 });
    for (const pixelRepresentation of [0, 1] as const) {
      const frame = { ...frameOf(rows, columns, 16), bitsStored: 12, highBit: 11, pixelRepresentation };
      for (const rescale of [
        { slope: 1, intercept: -1024 },
        { slope: -3, intercept: 7 },
        { slope: 0.5, intercept: -1024.25 },
      ]) {
        const expected = toHu(codec.decode(bytes, frame), frame, rescale);
        expect(firstDifference(codec.decodeHu!(bytes, frame, rescale), expected)).toBe(-1);
      }
    }
  }
});

test("HU beyond int16 are refused", () => {
  const bytes = encodeRle([0, 40000], { bitsAllocated: 16 });
  const frame = frameOf(1, 2, 16);
  expect(() => codec.decodeHu!(bytes, frame, { slope: 1, intercept: 0 })).toThrow(/40000.*beyond int16/);
  expect(codec.decodeHu!(bytes, frame, { slope: 1, intercept: -8000 })).toEqual(Int16Array.of(-8000, 32000));
});

const rows = corpusRows().filter(
  (row) => row.expected === "decode" && row.transfer_syntax === "1.2.840.10008.1.2.5",
);

test.skipIf(!hasData)("the corpus holds RLE (needs ../shared/data)", () => {
  expect(rows.length).toBeGreaterThanOrEqual(5);
});

test.skipIf(!hasData).each(rows.length > 0 ? rows : [{ file: "(no corpus)" }])(
  "corpus $file (needs ../shared/data)",
  (row) => {
    const { frames, frame } = readRle(corpusFile(row));
    expect(frames.length).toBe(Number(row.frames || 1));
    const hash = createHash("sha256");
    for (const bytes of frames) {
      const values = codec.decode(bytes, frame);
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    expect(hash.digest("hex")).toBe(row.values_sha256);
  },
);

/** By dicom-parser alone. An RLE frame is one fragment (PS3.5 A.4.2). */
function readRle(file: string): { frames: Uint8Array[]; frame: FrameDescription } {
  const dataSet = dicomParser.parseDicom(readFileSync(file));
  const number = (tag: string) => dataSet.uint16(tag) ?? 0;
  const { fragments = [] } = dataSet.elements.x7fe00010;
  return {
    frames: fragments.map(({ position, length }) => dataSet.byteArray.slice(position, position + length)),
    frame: {
      transferSyntax: "1.2.840.10008.1.2.5",
      rows: number("x00280010"),
      columns: number("x00280011"),
      samplesPerPixel: number("x00280002"),
      bitsAllocated: number("x00280100"),
      bitsStored: number("x00280101"),
      highBit: number("x00280102"),
      pixelRepresentation: number("x00280103") === 1 ? 1 : 0,
    },
  };
}
