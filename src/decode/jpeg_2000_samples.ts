import type { FrameDescription, StoredValues } from "./frame.js";
import type { Codestream } from "./jpeg_2000_codestream.js";
import { createStoredValues, storedBits } from "./stored_bits.js";

/**
 * Decoded samples, little-endian, one byte each up to a precision of 8 bits and else two, to stored values: the code stream gives the bits,
 * the header their meaning (where they lie in a sample, how many count, whether they are signed).
 */
export function toStoredValues(
  decoded: Uint8Array,
  codestream: Codestream,
  frame: FrameDescription,
): StoredValues {
  const values = createStoredValues(frame);
  const samples = sampleView(decoded, codestream, values.length);
  const { right, mask, sign } = storedBits(frame, codestream.precision);
  const sameMeaning = codestream.signed === (frame.pixelRepresentation === 1);
  if (sameMeaning && right === 0 && codestream.precision <= frame.bitsStored) {
    values.set(samples);
    return values;
  }
  for (let i = 0; i < values.length; i++) values[i] = (((samples[i] >> right) & mask) ^ sign) - sign;
  return values;
}

/** Signed samples come extended to their container. The decoder aligns its buffers to more than two bytes. */
function sampleView(decoded: Uint8Array, { precision, signed }: Codestream, count: number): StoredValues {
  const byteOffset = decoded.byteOffset;
  const buffer = decoded.buffer as ArrayBuffer;
  if (precision <= 8) return new (signed ? Int8Array : Uint8Array)(buffer, byteOffset, count);
  return new (signed ? Int16Array : Uint16Array)(buffer, byteOffset, count);
}
