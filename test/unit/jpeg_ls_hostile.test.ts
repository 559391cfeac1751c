import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import { parseJpegLsHeader } from "../../src/decode/codecs/jpeg_ls/header.js";
import { createJpegLsCodec } from "../../src/decode/codecs/jpeg_ls/jpeg_ls.js";
import { firstDifference } from "../support/arrays.js";
import { encodeJpegLs, type JpegLsEncodeOptions } from "../support/jpeg_ls_encode.js";
import { randomInteger, seededRandom } from "../support/random.js";

const codec = await createJpegLsCodec();

interface Sample {
  readonly bytes: Uint8Array;
  readonly values: Uint16Array;
  readonly frame: FrameDescription;
}

/** Slopes with noise and flat stretches, so that regular mode and run mode are both in it. */
function sample(options: JpegLsEncodeOptions, seed: number): Sample {
  const { rows, columns, precision } = options;
  const random = seededRandom(seed);
  const values = Uint16Array.from({ length: rows * columns }, (_, i) =>
    i % 23 < 12 ? 7 : Math.floor((i + random() * 60) % 2 ** precision),
  );
  const frame: FrameDescription = {
    transferSyntax: "1.2.840.10008.1.2.4.80",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: 0,
  };
  return { bytes: encodeJpegLs(values, options), values, frame };
}

const plain = sample({ rows: 14, columns: 33, precision: 12 }, 1);
const restarted = sample({ rows: 14, columns: 33, precision: 16, restartLines: 3, reset: 40 }, 2);
const samples = [plain, restarted];

/**
 * "values", or how it was refused. Anything but a full frame or a tagged error with an offset fails the test.
 */
function outcome(bytes: Uint8Array, frame: FrameDescription): string {
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

function stillGood(): void {
  for (const { bytes, frame, values } of samples) {
    expect(firstDifference(codec.decode(bytes, frame), values)).toBe(-1);
  }
}

describe.each([
  ["without restarts", plain],
  ["with restarts", restarted],
])("%s", (_, { bytes, frame, values }) => {
  test("cut after any byte: truncated while a sample is missing, whole when only EOI is", () => {
    for (let length = 0; length < bytes.length; length++) {
      const result = outcome(bytes.subarray(0, length), frame);
      if (length < bytes.length - 2) {
        expect(result, `${length} bytes`).toMatch(/^truncated/);
      } else {
        expect(firstDifference(codec.decode(bytes.subarray(0, length), frame), values)).toBe(-1);
      }
    }
    stillGood();
  });

  test("a marker put anywhere in the scan is refused", () => {
    const { scanOffset } = parseJpegLsHeader(bytes);
    for (let at = scanOffset; at < bytes.length - 3; at++) {
      const broken = Uint8Array.of(...bytes.subarray(0, at), 0xff, 0xd9, ...bytes.subarray(at));
      expect(outcome(broken, frame)).toMatch(/^decode-failed/);
    }
  });

  test("1500 times up to four bytes changed: values of the full size or a refusal, and the same one again", () => {
    const random = seededRandom(bytes.length);
    let refused = 0;
    for (let n = 0; n < 1500; n++) {
      const broken = bytes.slice();
      for (let k = randomInteger(random, 1, 4); k > 0; k--) {
        broken[randomInteger(random, 0, bytes.length - 1)] = randomInteger(random, 0, 255);
      }
      const result = outcome(broken, frame);
      expect(outcome(broken, frame)).toBe(result);
      if (result !== "values") refused++;
    }
    expect(refused).toBeGreaterThan(400);
    stillGood();
  });
});

test("random bytes alone and behind good headers", () => {
  const random = seededRandom(10);
  for (const { bytes, frame } of samples) {
    const { scanOffset } = parseJpegLsHeader(bytes);
    for (let n = 0; n < 400; n++) {
      const noise = Uint8Array.from({ length: randomInteger(random, 0, 400) }, () =>
        randomInteger(random, 0, 255),
      );
      expect(outcome(noise, frame)).not.toBe("values");
      const most = n % 2 === 0 ? 255 : randomInteger(random, 0, 254);
      const body = Uint8Array.from({ length: 4000 }, () => randomInteger(random, 0, most));
      outcome(Uint8Array.of(...bytes.subarray(0, scanOffset), ...body), frame);
    }
  }
  stillGood();
});

describe("headers that are refused", () => {
  const sof = plain.bytes.indexOf(0xf7) + 3;
  const sos = plain.bytes.indexOf(0xda) + 3;
  const lse = (...parameters: number[]) => {
    const words = parameters.flatMap((word) => [word >> 8, word & 255]);
    return Uint8Array.of(
      ...plain.bytes.subarray(0, 2),
      0xff,
      0xf8,
      0,
      13,
      1,
      ...words,
      ...plain.bytes.subarray(2),
    );
  };
  const changed = (at: number, value: number) => {
    const bytes = plain.bytes.slice();
    bytes[at] = value;
    return bytes;
  };
  const put = (at: number, ...inserted: number[]) =>
    Uint8Array.of(...plain.bytes.subarray(0, at), ...inserted, ...plain.bytes.subarray(at));

  test.each<[string, Uint8Array, RegExp]>([
    ["no SOI", changed(1, 0xd9), /^decode-failed: .*SOI/],
    ["JPEG of another kind", changed(sof - 3, 0xc3), /^decode-failed: .*FFC3.*not JPEG-LS/],
    ["precision 17", changed(sof, 17), /^decode-failed: .*precision 17/],
    ["precision 1", changed(sof, 1), /^decode-failed: .*precision 1 /],
    ["other rows", changed(sof + 2, 13), /^decode-failed: .*13 x 33.*14 x 33/],
    ["other columns", changed(sof + 4, 34), /^decode-failed: .*14 x 34.*14 x 33/],
    ["no rows, no DNL", changed(sof + 2, 0), /^decode-failed: .*DNL/],
    ["no columns", changed(sof + 4, 0), /^decode-failed: .*no columns/],
    ["no component", changed(sof + 5, 0), /^decode-failed: .*no components/],
    ["three components", changed(sof + 5, 3), /^unsupported-image: .*color/],
    ["two components in the scan", changed(sos, 2), /^decode-failed: .*2 components/],
    ["another component in the scan", changed(sos + 1, 9), /^decode-failed: .*component 9/],
    ["a mapping table", changed(sos + 2, 1), /^unsupported-image: .*mapping table/],
    ["NEAR", put(2, 0xff, 0xf8, 0, 13, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0), /^truncated|^decode-failed/],
    ["an interleave mode", changed(sos + 4, 3), /^decode-failed: .*interleave mode 3/],
    ["a point transform", changed(sos + 5, 2), /^unsupported-image: .*point transform/],
    ["MAXVAL beyond the precision", lse(4096, 0, 0, 0, 0), /^decode-failed: .*MAXVAL 4096/],
    ["falling thresholds", lse(0, 9, 8, 20, 0), /^decode-failed: .*thresholds 9, 8, 20/],
    ["RESET 2", lse(0, 0, 0, 0, 2), /^decode-failed: .*RESET 2/],
    ["oversized dimensions", put(2, 0xff, 0xf8, 0, 4, 4, 2), /^unsupported-image: .*type 4/],
    [
      "a second frame header",
      put(2, ...plain.bytes.subarray(2, 15)),
      /^decode-failed: .*second frame header/,
    ],
    ["an unknown marker", put(2, 0xff, 0x02, 0, 2), /^decode-failed: .*FF02/],
    ["a segment longer than the stream", put(2, 0xff, 0xe1, 0xff, 0xff), /^truncated: .*FFE1/],
    ["a scan before its frame", plain.bytes.subarray(0, 2), /^truncated/],
  ])("%s", (_, bytes, refusal) => {
    expect(outcome(bytes, plain.frame)).toMatch(refusal);
  });

  test("more bits than the header allocates", () => {
    const narrow = { ...plain.frame, bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    expect(outcome(plain.bytes, narrow)).toMatch(/^decode-failed: .*12 bits/);
  });

  test("dimensions that the bytes cannot hold, before memory is taken", () => {
    const bytes = plain.bytes.slice();
    bytes.set([0xff, 0xff, 0xff, 0xff], sof + 1);
    const vast = { ...plain.frame, rows: 65535, columns: 65535 };
    expect(outcome(bytes, vast)).toMatch(/^truncated: 65535 x 65535/);
  });
});

test("what has no meaning for the values is passed over", () => {
  const { bytes, frame, values } = plain;
  const extra = [0xff, 0xe8, 0, 4, 1, 2, 0xff, 0xfe, 0, 3, 9, 0xff, 0xff, 0xf8, 0, 5, 2, 1, 1];
  const longer = Uint8Array.of(0xff, 0xd8, ...extra, ...bytes.subarray(2), 0, 0);
  expect(firstDifference(codec.decode(longer, frame), values)).toBe(-1);
});
