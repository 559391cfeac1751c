import { describe, expect, test } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import { toHu } from "../../src/decode/codecs/common/hu.js";
import { createHtj2kCodec } from "../../src/decode/codecs/jpeg_2000/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import { firstDifference } from "../support/arrays.js";
import { frameOf } from "../support/dct_images.js";
import { differenceOf } from "../support/dct_reference.js";
import { type Jpeg2000Image, openEncoders } from "../support/jpeg_2000_encode.js";
import { randomInteger, seededRandom } from "../support/random.js";

const encoders = await openEncoders();
const codecs = { jpeg2000: await createJpeg2000Codec(), htj2k: await createHtj2kCodec() };

/** Waves and noise over the whole range of the samples, ends included. */
function randomImage(
  random: () => number,
  rows: number,
  columns: number,
  precision: number,
  signed: boolean,
) {
  const low = signed ? -(2 ** (precision - 1)) : 0;
  const [range, strength, pace] = [2 ** precision - 1, random(), random()];
  const values = Array.from({ length: rows * columns }, (_, i) => {
    const wave = 0.5 + 0.7 * Math.sin((i % columns) * pace) * (1 - strength) + (random() - 0.5) * strength;
    return low + Math.round(range * Math.min(1, Math.max(0, wave)));
  });
  const Samples = signed
    ? precision > 8
      ? Int16Array
      : Int8Array
    : precision > 8
      ? Uint16Array
      : Uint8Array;
  return { rows, columns, precision, samples: Samples.from(values) } satisfies Jpeg2000Image;
}

function frameFor(image: Jpeg2000Image, signed: boolean): FrameDescription {
  return frameOf(image, { pixelRepresentation: signed ? 1 : 0 });
}

describe.each(["jpeg2000", "htj2k"] as const)("%s", (kind) => {
  const [encode, codec] = [encoders[kind], codecs[kind]];

  test.each([9, 10, 12, 16])(
    "%i bits: random sizes, signs, levels, orders (and tiles, where the encoder makes them) come back exactly",
    (precision) => {
      const random = seededRandom(precision);
      for (let n = 0; n < 24; n++) {
        const signed = n % 2 === 1;
        const [rows, columns] = [randomInteger(random, 2, 70), randomInteger(random, 2, 70)];
        const image = randomImage(random, rows, columns, precision, signed);
        const tile = n % 3 === 0 ? { width: randomInteger(random, 16, 40), height: 32 } : undefined;
        // OpenJPEG's encoder wants no more levels than halve the image down to one sample; OpenJPH's loses
        // the lowest sample with none.
        const most = Math.min(4, Math.floor(Math.log2(Math.min(rows, columns))));
        const decompositions = randomInteger(random, kind === "htj2k" ? 1 : 0, most);
        const bytes = encode(image, { decompositions, progression: randomInteger(random, 0, 4), tile });
        const got = codec.decode(bytes, frameFor(image, signed));
        expect(firstDifference(got, image.samples)).toBe(-1);
        expect(got.constructor).toBe(image.samples.constructor);
      }
    },
  );

  test("8 bits: the same; signed by the mark in the header of an unsigned stream, which lowers its samples by half", () => {
    const random = seededRandom(8);
    for (let n = 0; n < 12; n++) {
      const [rows, columns] = [randomInteger(random, 8, 70), randomInteger(random, 8, 70)];
      const image = randomImage(random, rows, columns, 8, false);
      const bytes = encode(image, { decompositions: 2 });
      expect(firstDifference(codec.decode(bytes, frameFor(image, false)), image.samples)).toBe(-1);
      bytes[42] |= 0x80;
      const signed = codec.decode(bytes, frameFor(image, true));
      expect(signed).toBeInstanceOf(Int8Array);
      expect(
        firstDifference(
          signed,
          Array.from(image.samples, (value) => value - 128),
        ),
      ).toBe(-1);
    }
  });

  test("lossy streams are near what was encoded", () => {
    const random = seededRandom(40);
    for (const precision of [8, 12, 16]) {
      const image = randomImage(random, 61, 47, precision, false);
      const bytes = encode(image, { lossless: false, quality: kind === "htj2k" ? 1e-5 : 4 });
      const got = codec.decode(bytes, frameFor(image, false));
      expect(differenceOf(got, image.samples).mean / 2 ** precision).toBeLessThan(0.05);
    }
  });

  test("code stream and header that disagree on the sign: the same bits, with the header's meaning", () => {
    const random = seededRandom(41);
    for (const [coded, said] of [
      [false, true],
      [true, false],
    ]) {
      for (const precision of [10, 12, 16]) {
        const image = randomImage(random, 20, 30, precision, coded);
        const got = codec.decode(encode(image, { decompositions: 2 }), frameFor(image, said));
        const [mask, sign] = [2 ** precision - 1, said ? 2 ** (precision - 1) : 0];
        const wanted = [...image.samples].map((value) => ((value & mask) ^ sign) - sign);
        expect([...got]).toEqual(wanted);
      }
    }
  });

  test("more bits in the code stream than stored, and fewer", () => {
    const wide = randomImage(seededRandom(42), 9, 11, 16, false);
    const cut = codec.decode(
      encode(wide, { decompositions: 2 }),
      frameOf({ ...wide, precision: 16 }, { bitsStored: 12, highBit: 11 }),
    );
    expect([...cut]).toEqual([...wide.samples].map((value) => value & 4095));
    const upper = codec.decode(
      encode(wide, { decompositions: 2 }),
      frameOf(wide, { bitsStored: 12, highBit: 15 }),
    );
    expect([...upper]).toEqual([...wide.samples].map((value) => value >> 4));
    const narrow = randomImage(seededRandom(43), 9, 11, 10, false);
    const signed = codec.decode(
      encode(narrow, { decompositions: 2 }),
      frameOf({ ...narrow, precision: 16 }, { pixelRepresentation: 1 }),
    );
    expect([...signed]).toEqual([...narrow.samples].map((value) => (value ^ 512) - 512));
    const small = randomImage(seededRandom(44), 9, 11, 8, false);
    const in16 = codec.decode(
      encode(small, { decompositions: 2 }),
      frameOf({ ...small, precision: 16 }, { pixelRepresentation: 1 }),
    );
    expect([...in16]).toEqual([...small.samples].map((value) => (value ^ 128) - 128));
  });

  test("HU are those of the stored values", () => {
    const rescale = { slope: 2, intercept: -1024 };
    for (const signed of [false, true]) {
      const image = randomImage(seededRandom(46), 21, 33, 12, signed);
      for (const frame of [frameFor(image, signed), frameFor(image, !signed)]) {
        const bytes = encode(image, { decompositions: 2 });
        const hu = codec.decodeHu!(bytes, frame, rescale);
        expect(firstDifference(hu, toHu(codec.decode(bytes, frame), frame, rescale))).toBe(-1);
      }
    }
  });

  test("in the boxes of a file, with padding, and without EOC", () => {
    const image = randomImage(seededRandom(45), 30, 40, 12, false);
    const bytes = encode(image, { decompositions: 2 });
    const frame = frameFor(image, false);
    const u32 = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
    const box = (type: string, body: ArrayLike<number>, length = body.length + 8) =>
      Uint8Array.of(...u32(length), ...Buffer.from(type), ...Array.from(body));
    const file = (...boxes: Uint8Array[]) =>
      new Uint8Array(
        Buffer.concat([box("jP  ", [13, 10, 135, 10]), box("ftyp", Buffer.from("jp2 ")), ...boxes]),
      );
    const open = box("jp2c", bytes, 0);
    const wide = Uint8Array.of(
      ...u32(1),
      ...Buffer.from("jp2c"),
      ...u32(0),
      ...u32(bytes.length + 16),
      ...bytes,
    );
    const variants = [
      file(box("jp2h", [0, 0, 0]), box("jp2c", bytes), box("xml ", [60])),
      file(open),
      file(wide),
      Uint8Array.of(...bytes, 0),
      bytes.subarray(0, -2),
      Uint8Array.of(...bytes.subarray(0, -2), 0),
    ];
    for (const variant of variants) {
      expect(firstDifference(codec.decode(variant, frame), image.samples)).toBe(-1);
    }
    expect(() => codec.decode(file(box("jp2h", [0, 0, 0])), frame)).toThrow("ends before its code stream");
    expect(() => codec.decode(file(box("jp2c", bytes)).subarray(0, -9), frame)).toThrow("the file at");
  });
});
