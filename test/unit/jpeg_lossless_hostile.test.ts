import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import type { Codec } from "../../src/decode/codecs/common/codec.js";
import { parseJpegLosslessHeader } from "../../src/decode/codecs/jpeg_lossless/header.js";
import { createJpegLosslessCodec } from "../../src/decode/codecs/jpeg_lossless/jpeg_lossless.js";
import { encodeJpegLossless, type JpegLosslessOptions } from "../../src/phantom/jpeg_lossless_encode.js";
import { firstDifference } from "../support/arrays.js";
import { randomInteger, seededRandom } from "../support/random.js";

const four = await createJpegLosslessCodec();
const serial = await createJpegLosslessCodec({ cursors: 1 });

interface Sample {
  readonly bytes: Uint8Array;
  readonly values: Uint16Array;
  readonly frame: FrameDescription;
}

function sample(options: JpegLosslessOptions, seed: number): Sample {
  const { rows, columns, precision } = options;
  const random = seededRandom(seed);
  const values = Uint16Array.from({ length: rows * columns }, (_, i) => (i + random() * 60) % 2 ** precision);
  const frame: FrameDescription = {
    transferSyntax: "1.2.840.10008.1.2.4.57",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: 0,
  };
  return { bytes: encodeJpegLossless(values, options), values, frame };
}

const small = sample({ rows: 12, columns: 17, precision: 12, predictor: 4 }, 1);
const restarted = sample({ rows: 12, columns: 17, precision: 12, predictor: 7, restartRows: 2 }, 2);
const long = sample({ rows: 160, columns: 200, precision: 12 }, 3);

/**
 * "values", or how it was refused. Anything but a full frame or a tagged error with an offset fails the test.
 */
function outcome(codec: Codec, bytes: Uint8Array, frame: FrameDescription): string {
  try {
    const values = codec.decode(bytes, frame);
    expect(values.length).toBe(frame.rows * frame.columns);
    return "values";
  } catch (error) {
    if (!isHounsfieldError(error, "decode-failed", "truncated", "unsupported-image")) throw error;
    const { offset } = error.fields;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(bytes.length);
    return `${error.code}: ${error.message} @${offset}`;
  }
}

/** Both ways must come to the same end, and a good frame must still be decoded afterwards. */
function check(bytes: Uint8Array, frame: FrameDescription): string {
  const result = outcome(four, bytes, frame);
  expect(outcome(serial, bytes, frame)).toBe(result);
  return result;
}

function stillGood(): void {
  for (const { bytes, frame, values } of [small, restarted, long]) {
    expect(firstDifference(four.decode(bytes, frame), values)).toBe(-1);
  }
}

describe.each([
  ["without restarts", small],
  ["with restarts", restarted],
])("%s", (_, { bytes, frame, values }) => {
  test("cut after any byte: refused while a sample is missing, whole when only EOI is", () => {
    for (let length = 0; length < bytes.length; length++) {
      const result = check(bytes.subarray(0, length), frame);
      if (length >= bytes.length - 2) {
        expect(result).toBe("values");
        expect(firstDifference(four.decode(bytes.subarray(0, length), frame), values)).toBe(-1);
      } else {
        expect(result).toMatch(/^(truncated|decode-failed)/);
      }
    }
    stillGood();
  });

  test("a marker put anywhere in the scan is refused", () => {
    const { scanOffset } = parseJpegLosslessHeader(bytes);
    for (let at = scanOffset; at < bytes.length - 3; at++) {
      const broken = Uint8Array.of(...bytes.subarray(0, at), 0xff, 0xd9, ...bytes.subarray(at));
      expect(check(broken, frame)).toMatch(/^(truncated|decode-failed)/);
    }
  });

  test("1000 times up to four bytes changed", () => {
    const random = seededRandom(bytes.length);
    let refused = 0;
    for (let n = 0; n < 1000; n++) {
      const broken = bytes.slice();
      for (let k = randomInteger(random, 1, 4); k > 0; k--) {
        broken[randomInteger(random, 0, bytes.length - 1)] = randomInteger(random, 0, 255);
      }
      if (check(broken, frame) !== "values") refused++;
    }
    expect(refused).toBeGreaterThan(200);
    stillGood();
  });
});

test("long enough for four cursors: 300 times a byte changed, 100 times cut", () => {
  const random = seededRandom(9);
  expect(long.bytes.length).toBeGreaterThan(16384);
  for (let n = 0; n < 300; n++) {
    const broken = long.bytes.slice();
    broken[randomInteger(random, 0, broken.length - 1)] ^= 1 << randomInteger(random, 0, 7);
    check(broken, long.frame);
  }
  for (let n = 0; n < 100; n++) {
    const result = check(long.bytes.subarray(0, randomInteger(random, 0, long.bytes.length - 3)), long.frame);
    expect(result).toMatch(/^(truncated|decode-failed)/);
  }
  stillGood();
});

test("random bytes, and random bytes behind good headers", () => {
  const random = seededRandom(10);
  const { scanOffset } = parseJpegLosslessHeader(long.bytes);
  for (let n = 0; n < 200; n++) {
    const noise = Uint8Array.from({ length: randomInteger(random, 0, 400) }, () =>
      randomInteger(random, 0, 255),
    );
    expect(check(noise, small.frame)).not.toBe("values");
    const body = Uint8Array.from({ length: 30000 }, () => randomInteger(random, 0, 254));
    check(Uint8Array.of(...long.bytes.subarray(0, scanOffset), ...body), long.frame);
  }
  stillGood();
});
