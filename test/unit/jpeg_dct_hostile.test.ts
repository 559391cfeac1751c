import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import { createJpegDctCodec } from "../../src/decode/codecs/jpeg_dct/jpeg_dct.js";
import { type DctEncoding, encodeDct } from "../support/dct_encode.js";
import { frameOf, randomDctImage, randomScans } from "../support/dct_images.js";
import { randomInteger, seededRandom } from "../support/random.js";

const codec = await createJpegDctCodec();

function sample(name: string, encoding: DctEncoding, seed: number) {
  const size = { rows: 29, columns: 37, precision: encoding.sof === 0xc0 ? 8 : 12 } as const;
  const image = randomDctImage(seededRandom(seed), size);
  const bytes = encodeDct(image, encoding);
  return { name, bytes, frame: frameOf(image), values: codec.decode(bytes, frameOf(image)) };
}

const samples = [
  sample("baseline", { sof: 0xc0 }, 1),
  sample("extended with restarts", { sof: 0xc1, restartInterval: 3 }, 2),
  sample("progressive", { sof: 0xc2, scans: randomScans(seededRandom(20)) }, 3),
  sample(
    "progressive with restarts",
    { sof: 0xc2, scans: randomScans(seededRandom(21)), restartInterval: 4 },
    4,
  ),
];

/**
 * "values", or how it was refused. Anything but a full frame or a tagged error with an offset fails the test.
 */
function outcome(bytes: Uint8Array, frame: FrameDescription): string {
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

function stillGood(): void {
  for (const { bytes, frame, values } of samples) expect(codec.decode(bytes, frame)).toEqual(values);
}

describe.each(samples)("$name", ({ bytes, frame }) => {
  test("cut after any byte: refused while a block is missing, whole when only EOI is", () => {
    for (let length = 0; length < bytes.length; length++) {
      const result = outcome(bytes.subarray(0, length), frame);
      if (length >= bytes.length - 2) expect(result).toBe("values");
      else expect(result).toMatch(/^(truncated|decode-failed)/);
    }
    stillGood();
  });

  test("1000 times up to four bytes changed, removed or doubled", () => {
    const random = seededRandom(bytes.length);
    let refused = 0;
    for (let n = 0; n < 1000; n++) {
      const broken = [...bytes];
      for (let k = randomInteger(random, 1, 4); k > 0; k--) {
        const at = randomInteger(random, 0, broken.length - 1);
        const kind = randomInteger(random, 0, 3);
        if (kind === 2) broken.splice(at, 1);
        else if (kind === 3) broken.splice(at, 0, broken[at]);
        else broken[at] = randomInteger(random, 0, 255);
      }
      if (outcome(Uint8Array.from(broken), frame) !== "values") refused++;
    }
    expect(refused).toBeGreaterThan(300);
    stillGood();
  });
});

test("random bytes, and random bytes behind good headers", () => {
  const random = seededRandom(10);
  for (let n = 0; n < 300; n++) {
    const noise = Uint8Array.from({ length: randomInteger(random, 0, 600) }, () =>
      randomInteger(random, 0, 255),
    );
    const { bytes, frame } = samples[n % samples.length];
    expect(outcome(noise, frame)).not.toBe("values");
    outcome(Uint8Array.of(...bytes.subarray(0, 300), ...noise), frame);
  }
  stillGood();
});

/** A code stream with marker segments in place of those of the baseline sample that have the same marker. */
function withSegment(marker: number, change: (body: number[]) => number[]): Uint8Array {
  const { bytes } = samples[0];
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
  const length = (bytes[at + 2] << 8) | bytes[at + 3];
  const body = change([...bytes.subarray(at + 4, at + 2 + length)]);
  const size = body.length + 2;
  return Uint8Array.of(
    ...bytes.subarray(0, at + 2),
    size >> 8,
    size & 255,
    ...body,
    ...bytes.subarray(at + 2 + length),
  );
}

function replaced(body: number[], index: number, ...values: number[]): number[] {
  return body.map((byte, i) => values[i - index] ?? byte);
}

describe("what is refused by name", () => {
  const { bytes, frame } = samples[0];
  const asFrame = (code: number) => {
    const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    return Uint8Array.from(bytes, (byte, i) => (i === at + 1 ? code : byte));
  };

  test.each([
    [0xc3, "JPEG Lossless (SOF3)"],
    [0xc5, "hierarchical (SOF5)"],
    [0xc9, "arithmetic coded (SOF9)"],
    [0xca, "arithmetic coded (SOF10)"],
    [0xf7, "JPEG-LS (SOF55)"],
  ])("marker %i", (code, name) => {
    expect(outcome(asFrame(code), frame)).toBe(
      `decode-failed: the code stream is ${name}, not Huffman-coded DCT`,
    );
  });

  test.each([
    ["color", 0xc0, (b: number[]) => [...replaced(b, 5, 3), 2, 0x11, 2, 3, 0x11, 2], "unsupported-image"],
    ["12 bits in baseline", 0xc0, (b: number[]) => replaced(b, 0, 12), "sample precision 12"],
    ["other rows", 0xc0, (b: number[]) => replaced(b, 2, 30), "the code stream is 30 x 37"],
    ["other columns", 0xc0, (b: number[]) => replaced(b, 4, 38), "the code stream is 29 x 38"],
    ["no columns", 0xc0, (b: number[]) => replaced(b, 3, 0, 0), "no columns"],
    ["a missing quantization table", 0xc0, (b: number[]) => replaced(b, 8, 1), "table 1 is not defined"],
    ["a factor of 0", 0xdb, (b: number[]) => replaced(b, 9, 0), "factor 0"],
    ["half a quantization table", 0xdb, (b: number[]) => b.slice(0, 40), "cut short"],
    ["codes beyond their lengths", 0xc4, (b: number[]) => replaced(b, 1, 3), "FFC4"],
    ["a missing Huffman table", 0xda, (b: number[]) => replaced(b, 2, 0x23), "DC Huffman table 2"],
    ["another component", 0xda, (b: number[]) => replaced(b, 1, 9), "component 9"],
    ["a short scan header", 0xda, (b: number[]) => b.slice(0, 4), "4 bytes of parameters"],
  ])("%s", (_, marker, change, message) => {
    expect(outcome(withSegment(marker, change), frame)).toContain(message);
  });

  test("12 bits where the header allocates 8", () => {
    const { bytes: extended, frame: wide } = samples[1];
    const narrow = { ...wide, bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    expect(outcome(extended, narrow)).toContain("12 bits a sample, the header allocates 8");
  });

  test("more blocks than the bytes can hold, before memory is taken for them", () => {
    const huge = withSegment(0xc0, (body) => replaced(body, 1, 0xff, 0xff, 0xff, 0xff));
    expect(outcome(huge, { ...frame, rows: 65535, columns: 65535 })).toContain("67108864 blocks cannot come");
  });

  test("a restart marker out of its turn", () => {
    const { bytes: restarted, frame: wide } = samples[1];
    const at = restarted.findIndex((byte, i) => byte === 0xff && restarted[i + 1] === 0xd1);
    const wrong = Uint8Array.from(restarted, (byte, i) => (i === at + 1 ? 0xd4 : byte));
    expect(outcome(wrong, wide)).toContain("RST1 expected, got FFD4");
  });

  test("progressive scans that repeat a bit, leave one out, or begin with AC", () => {
    const image = randomDctImage(seededRandom(5), { rows: 16, columns: 16, precision: 8 });
    const dc = { first: 0, last: 0, high: 0, low: 0 };
    const ac = { first: 1, last: 63, high: 0, low: 2 };
    const refused = (...scans: DctEncoding["scans"] & object) =>
      outcome(encodeDct(image, { sof: 0xc2, scans }), frameOf(image));
    expect(refused(ac)).toContain("before the first of DC");
    expect(refused(dc, dc)).toContain("of which all but 0 bits came before");
    expect(refused(dc, ac, { ...ac, high: 1, low: 0 })).toContain("all but 2 bits came before");
    expect(refused(dc, { ...ac, high: 2, low: 1 })).toContain("nothing came before");
  });
});
