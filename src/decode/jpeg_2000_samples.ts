import type { FrameDescription, StoredValues } from "./frame.js";
import type { Codestream } from "./jpeg_2000_codestream.js";
import { createStoredValues, storedBits } from "./stored_bits.js";

/**
 * Whether a code stream is decoded as if it were unsigned: both packages clamp signed samples of a byte to 0 .. 255. Without its mark in
 * the header the samples come 2^(precision - 1) higher (the DC level shift of T.800 G.1.2), which is undone here.
 */
export function isDecodedUnsigned({ signed, precision }: Codestream): boolean {
  return signed && precision <= 8;
}

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
  const raised = isDecodedUnsigned(codestream) ? 2 ** (codestream.precision - 1) : 0;
  const sameMeaning = codestream.signed === (frame.pixelRepresentation === 1);
  if (sameMeaning && right === 0 && raised === 0 && codestream.precision <= frame.bitsStored) {
    values.set(samples);
    return values;
  }
  for (let i = 0; i < values.length; i++) {
    values[i] = ((((samples[i] ^ raised) >> right) & mask) ^ sign) - sign;
  }
  return values;
}

/** Signed samples of two bytes come extended to their container. The decoder aligns its buffers to more than two bytes. */
function sampleView(decoded: Uint8Array, { precision, signed }: Codestream, count: number): StoredValues {
  const byteOffset = decoded.byteOffset;
  const buffer = decoded.buffer as ArrayBuffer;
  if (precision <= 8) return new Uint8Array(buffer, byteOffset, count);
  return new (signed ? Int16Array : Uint16Array)(buffer, byteOffset, count);
}
