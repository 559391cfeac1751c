import { expect, test } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import type { Codec } from "../../src/decode/codecs/common/codec.js";
import { decodeFrame } from "../../src/decode/decode_frame.js";

/** A codec that would give a frame of one value for any bytes, as JPEG 2000 may. */
const anything: Codec = { decode: (_, { rows, columns }) => new Int16Array(Math.min(16, rows * columns)) };

const decode = (bytes: number, rows: number, columns: number) => {
  const frame: FrameDescription = {
    transferSyntax: "1.2.840.10008.1.2.4.90",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    pixelRepresentation: 0,
  };
  return decodeFrame(anything, new Uint8Array(bytes), frame, { kind: "stored" });
};

test("a small frame may take next to nothing: up to 2048 x 2048", () => {
  expect(decode(1, 2048, 2048)).toHaveLength(16);
});

test("a larger one needs a byte for 1,024 pixels: no header makes a decompression bomb", () => {
  const [rows, columns] = [2048, 2049];
  const least = (rows * columns) / 1024;
  expect(decode(least, rows, columns)).toHaveLength(16);
  expect(() => decode(least - 1, rows, columns)).toThrow(
    expect.objectContaining({ code: "truncated", fields: expect.objectContaining({ got: least - 1 }) }),
  );
});
