import { describe, expect, test } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import { codecFor } from "../../src/decode/codec_modules.js";
import type { Codec, StoredValues } from "../../src/decode/codecs/common/codec.js";
import { huBytes } from "../../src/decode/codecs/common/frame_memory.js";
import { decodeFrame } from "../../src/decode/decode_frame.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import { encodeRle, openJpegLsEncoder } from "../fuzz/encode.js";
import { firstDifference } from "../support/arrays.js";
import { encodeDct } from "../support/dct_encode.js";
import { dctImageOf } from "../support/dct_images.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";

const [rows, columns, precision] = [40, 37, 12] as const;
const size = { rows, columns, precision };
const samples = Uint16Array.from(
  { length: rows * columns },
  (_, i) => (1000 + 31 * (i % 37) + 7 * (i % 11)) & 4095,
);

/** Makes the bytes of a frame of each codec, by transfer syntax. */
async function encodeAll(): Promise<Readonly<Record<string, Uint8Array>>> {
  const { jpeg2000, htj2k } = await openEncoders();
  const jpegLs = await openJpegLsEncoder();
  return {
    "1": new Uint8Array(samples.slice().buffer),
    "2": new Uint8Array(samples.slice().buffer),
    "5": encodeRle(samples),
    "4.51": encodeDct(dctImageOf(samples, size, new Uint16Array(64).fill(4)), { sof: 0xc1 }),
    "4.70": encodeJpegLossless(samples, size),
    "4.80": jpegLs(samples, size),
    "4.90": jpeg2000({ ...size, samples }, { decompositions: 2 }),
    "4.201": htj2k({ ...size, samples }, { decompositions: 2 }),
  };
}

function frameOf(syntax: string): FrameDescription {
  const bits = { bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0 } as const;
  return { transferSyntax: `1.2.840.10008.1.2.${syntax}`, rows, columns, samplesPerPixel: 1, ...bits };
}

function dirty(bytes: number, shared: boolean): ArrayBufferLike {
  const memory = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  new Uint8Array(memory).fill(0xa5);
  return memory;
}

const encoded = encodeAll();

describe.each(["1", "2", "5", "4.51", "4.70", "4.80", "4.90", "4.201"])("transfer syntax %s", (syntax) => {
  async function setUp() {
    const frame = frameOf(syntax);
    const codec: Codec = await codecFor(frame.transferSyntax);
    const bytes = (await encoded)[syntax];
    return { codec, bytes, frame };
  }

  // A fractional slope takes the way over stored values, an integer one that of the codec's own last pass.
  test.each([
    [1, false],
    [1, true],
    [0.5, false],
    [0.5, true],
  ])("HU by slope %s in memory that held another frame (shared: %s)", async (slope, shared) => {
    const { codec, bytes, frame } = await setUp();
    const output = { kind: "hu", rescale: { slope, intercept: -1024 } } as const;
    const plain = decodeFrame(codec, bytes, frame, output);
    const memory = dirty(huBytes(frame) + 6, shared);
    const hu = decodeFrame(codec, bytes, frame, output, memory);
    expect(hu.buffer).toBe(memory);
    expect(hu.byteOffset).toBe(0);
    expect(firstDifference(hu, plain)).toBe(-1);
    expect([...new Uint8Array(memory, huBytes(frame))]).toEqual(Array(6).fill(0xa5));
  });

  test("stored values are the same, in the memory or not", async () => {
    const { codec, bytes, frame } = await setUp();
    const plain = codec.decode(bytes, frame);
    const stored: StoredValues = codec.decode(bytes, frame, dirty(plain.byteLength, true));
    expect(stored.constructor).toBe(plain.constructor);
    expect(firstDifference(stored, plain)).toBe(-1);
  });

  test("memory that is too small is left alone", async () => {
    const { codec, bytes, frame } = await setUp();
    const output = { kind: "hu", rescale: { slope: 1, intercept: -1024 } } as const;
    const small = dirty(huBytes(frame) - 2, false);
    const hu = decodeFrame(codec, bytes, frame, output, small);
    expect(firstDifference(hu, decodeFrame(codec, bytes, frame, output))).toBe(-1);
    expect(new Uint8Array(small).every((byte) => byte === 0xa5)).toBe(true);
  });
});
