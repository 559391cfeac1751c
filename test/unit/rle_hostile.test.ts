import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import { createRleCodec } from "../../src/decode/codecs/rle/rle.js";
import { firstDifference } from "../support/arrays.js";
import { randomInteger, seededRandom } from "../support/random.js";
import { encodeRle, joinSegments } from "../support/rle_encode.js";

const codec = await createRleCodec();

const frame: FrameDescription = {
  transferSyntax: "1.2.840.10008.1.2.5",
  rows: 12,
  columns: 21,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
};
const tiny = { ...frame, rows: 1, columns: 4 };
const byteFrame = { ...tiny, bitsAllocated: 8, bitsStored: 8, highBit: 7 };

const samples = Uint16Array.from({ length: 12 * 21 }, (_, i) => (i % 40 < 17 ? 300 : i * 91));
const good = encodeRle(samples, { bitsAllocated: 16 });

/**
 * "values", or how it was refused. Anything but a full frame or a tagged error with an offset fails the test.
 */
function outcome(bytes: Uint8Array, of: FrameDescription): string {
  try {
    const values = codec.decode(bytes, of);
    expect(values.length).toBe(of.rows * of.columns);
    return "values";
  } catch (error) {
    if (!isHounsfieldError(error, "decode-failed", "truncated", "unsupported-image")) throw error;
    const { offset } = error.fields;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(bytes.length);
    return `${error.code}: ${error.message} @${offset}`;
  }
}

function stillGood(): void {
  expect(firstDifference(codec.decode(good, frame), samples)).toBe(-1);
}

/** `good` with one of its u32 header fields changed. */
function withField(index: number, value: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(4 * index, value, true);
  return bytes;
}

describe("headers that are refused", () => {
  const second = new DataView(good.buffer).getUint32(8, true);
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /^truncated: .*64 bytes, got 0/],
    ["half a header", good.subarray(0, 40), /^truncated: .*64 bytes, got 40/],
    ["no segment", withField(0, 0), /^decode-failed: 0 RLE segments/],
    ["one segment of two", withField(0, 1), /^decode-failed: 1 RLE segments/],
    ["six segments", withField(0, 6), /^unsupported-image: .*color/],
    ["more segments than a header has", withField(0, 2 ** 32 - 1), /^decode-failed: 4294967295 .*15/],
    ["a first segment in the header", withField(1, 60), /^decode-failed: RLE segment 1 starts at byte 60/],
    ["a first segment beyond the second", withField(1, second), /^decode-failed: RLE segment 2/],
    ["a second segment before the first", withField(2, 64), /^decode-failed: RLE segment 2/],
    ["a second segment behind the end", withField(2, good.length), /^decode-failed: RLE segment 2/],
    ["a second segment far beyond", withField(2, 0xdeadbeef), /^decode-failed: RLE segment 2/],
  ])("%s", (_, bytes, refusal) => {
    expect(outcome(bytes, frame)).toMatch(refusal);
  });

  test("dimensions that the segments cannot hold, before memory is taken", () => {
    expect(outcome(good, { ...frame, rows: 65535, columns: 65535 })).toMatch(
      /^truncated: .*4294836225 values/,
    );
  });

  test("color, by the header and by the segments", () => {
    expect(() => codec.decode(good, { ...frame, samplesPerPixel: 3 })).toThrow(/3 samples per pixel.*color/);
    expect(
      outcome(
        joinSegments([
          [0, 1],
          [0, 1],
          [0, 1],
        ]),
        byteFrame,
      ),
    ).toMatch(/^unsupported-image: .*color/);
  });
});

describe("segments", () => {
  const ofBytes = (...segment: number[]) => outcome(joinSegments([segment]), byteFrame);

  test("end with the plane, a pad byte or more behind it is left alone", () => {
    expect(ofBytes(3, 1, 2, 3, 4)).toBe("values");
    expect(ofBytes(3, 1, 2, 3, 4, 0)).toBe("values");
    expect(ofBytes(0x80, 1, 1, 2, 0x80, 0x80, 0xff, 4, 99, 99)).toBe("values");
  });

  test("end too early", () => {
    expect(ofBytes(2, 1, 2, 3)).toMatch(/^truncated: .*3 of 4 values @68/);
    expect(ofBytes(3, 1, 2, 3)).toMatch(/^truncated: .*0 of 4 values @64/);
    expect(ofBytes(0xff, 5, 0xff)).toMatch(/^truncated: .*2 of 4 values @66/);
    expect(ofBytes(0x80, 0x80, 0x80)).toMatch(/^truncated: .*0 of 4 values/);
  });

  test("have a run that goes too far", () => {
    expect(ofBytes(4, 1, 2, 3, 4, 5)).toMatch(/^decode-failed: .*beyond the 4 values.* @64/);
    expect(ofBytes(0, 1, 0xfc, 5)).toMatch(/^decode-failed: .*beyond the 4 values.* @66/);
  });

  test("do not read on into the next one", () => {
    const bytes = joinSegments([
      [2, 1, 2, 3],
      [3, 1, 2, 3, 4, 0],
    ]);
    expect(outcome(bytes, tiny)).toMatch(/^truncated: .*3 of 4 values/);
  });
});

test("cut after any byte: refused until only the pad byte is missing", () => {
  for (let length = 0; length < good.length - 1; length++) {
    expect(outcome(good.subarray(0, length), frame)).toMatch(/^(truncated|decode-failed)/);
  }
  stillGood();
});

test("1500 times up to four bytes changed, 1500 times random segments", () => {
  const random = seededRandom(11);
  let refused = 0;
  for (let n = 0; n < 1500; n++) {
    const broken = good.slice();
    for (let k = randomInteger(random, 1, 4); k > 0; k--) {
      broken[randomInteger(random, 0, good.length - 1)] = randomInteger(random, 0, 255);
    }
    const result = outcome(broken, frame);
    expect(outcome(broken, frame)).toBe(result);
    if (result !== "values") refused++;
    const noise = () =>
      Array.from({ length: randomInteger(random, 1, 300) }, () => randomInteger(random, 0, 255));
    outcome(joinSegments([noise(), noise()]), frame);
  }
  expect(refused).toBeGreaterThan(300);
  stillGood();
});
