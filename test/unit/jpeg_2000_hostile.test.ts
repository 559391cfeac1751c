import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import type { Codec } from "../../src/decode/codecs/common/codec.js";
import { createHtj2kCodec } from "../../src/decode/codecs/jpeg_2000/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import { firstDifference } from "../support/arrays.js";
import { frameOf } from "../support/dct_images.js";
import { type Jpeg2000Options, openEncoders } from "../support/jpeg_2000_encode.js";
import { randomInteger, seededRandom } from "../support/random.js";

const encoders = await openEncoders();

/** Offsets in a code stream of one component (T.800 A.5.1): SIZ is the first segment. */
const AT = { height: 12, components: 40, depth: 42, stepX: 43 } as const;

function sampleOf(encode: typeof encoders.htj2k, rows: number, columns: number, options: Jpeg2000Options) {
  const samples = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 37) % 4096);
  const image = { rows, columns, precision: 12, samples };
  return { samples, bytes: encode(image, options), frame: frameOf(image) };
}

/** By the one encoder that makes tiles; the other package decodes high-throughput streams too. */
const tiled = sampleOf(encoders.htj2k, 61, 47, { decompositions: 2, tile: { width: 20, height: 20 } });

/**
 * "values", or how it was refused. Anything but a full frame or a tagged error with an offset fails the test.
 */
function outcome(codec: Codec, bytes: Uint8Array, frame: FrameDescription): string {
  try {
    expect(codec.decode(bytes, frame).length).toBe(frame.rows * frame.columns);
    return "values";
  } catch (error) {
    if (!isHounsfieldError(error, "decode-failed", "truncated", "unsupported-image")) throw error;
    const { offset } = error.fields;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(bytes.length);
    return `${error.code}: ${error.message}`;
  }
}

describe.each([
  ["JPEG 2000", encoders.jpeg2000, createJpeg2000Codec],
  ["HTJ2K", encoders.htj2k, createHtj2kCodec],
] as const)("%s", (_, encode, createCodec) => {
  const plain = sampleOf(encode, 30, 41, { decompositions: 3 });
  const lossy = sampleOf(encode, 40, 90, { decompositions: 1, lossless: false, quality: 1 });

  test("cut anywhere before its last marker: refused; without it: whole", async () => {
    const codec = await createCodec();
    for (const { bytes, frame, samples } of [plain, tiled]) {
      for (let length = 0; length < bytes.length; length += length < 200 ? 1 : 13) {
        const result = outcome(codec, bytes.subarray(0, length), frame);
        if (length < bytes.length - 2) expect(result).toMatch(/^(truncated|decode-failed)/);
      }
      expect(outcome(codec, bytes.subarray(0, -2), frame)).toBe("values");
      expect(firstDifference(codec.decode(bytes, frame), samples)).toBe(-1);
    }
  });

  test("300 times up to four bytes changed, removed or doubled, mostly in the headers", async () => {
    const codec = await createCodec();
    const random = seededRandom(51);
    let refused = 0;
    for (let n = 0; n < 300; n++) {
      const { bytes, frame } = [plain, tiled, lossy][n % 3];
      const broken = [...bytes];
      for (let k = randomInteger(random, 1, 4); k > 0; k--) {
        const at = randomInteger(random, 0, (random() < 0.7 ? 120 : broken.length) - 1);
        const kind = randomInteger(random, 0, 4);
        if (kind === 0) broken.splice(at, randomInteger(random, 1, 3));
        else if (kind === 1) broken.splice(at, 0, broken[at]);
        else broken[at] = [0, 255, randomInteger(random, 0, 255)][kind - 2];
      }
      if (outcome(codec, Uint8Array.from(broken), frame) !== "values") refused++;
    }
    expect(refused).toBeGreaterThan(150);
    expect(firstDifference(codec.decode(plain.bytes, plain.frame), plain.samples)).toBe(-1);
  });

  test.each([
    ["color", AT.components, [0, 3], "unsupported-image: JPEG 2000 with 3 components"],
    ["another size", AT.height, [0, 0, 0, 31], "the code stream is 31 x 41, the header says 30 x 41"],
    ["a huge size", AT.height, [0x7f, 0, 0, 0], "JPEG 2000: "],
    ["more bits than the header allocates", AT.depth, [16], "17 bits a sample, the header allocates 16"],
    ["subsampling", AT.stepX, [2], "samples 2 x 1 points apart"],
  ])("%s is refused by name", async (_, at, values, message) => {
    const broken = plain.bytes.slice();
    broken.set(values, at);
    expect(outcome(await createCodec(), broken, plain.frame)).toContain(message);
  });

  test("a tile that is not there is refused, not left black", async () => {
    const { bytes, frame } = tiled;
    const isStart = (byte: number, i: number) =>
      byte === 0xff && bytes[i + 1] === 0x90 && bytes[i + 3] === 10;
    const starts = [...bytes.keys()].filter((i) => isStart(bytes[i], i));
    expect(starts.length).toBe(12);
    const without = Uint8Array.of(...bytes.subarray(0, starts[4]), ...bytes.subarray(starts[5]));
    expect(outcome(await createCodec(), without, frame)).toContain("11 of 12 tiles are there");
  });

  test("an empty frame and noise are refused", async () => {
    const codec = await createCodec();
    const random = seededRandom(52);
    for (let n = 0; n < 50; n++) {
      const noise = Uint8Array.from({ length: n * 3 }, () => randomInteger(random, 0, 255));
      expect(outcome(codec, noise, plain.frame)).toMatch(/^(truncated|decode-failed)/);
      const behind = Uint8Array.of(...plain.bytes.subarray(0, 60), ...noise);
      expect(outcome(codec, behind, plain.frame)).toMatch(/^(truncated|decode-failed)/);
    }
  });
});
