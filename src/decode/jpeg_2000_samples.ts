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
 * Decoded samples, little-endian, one byte each up to a precision of 8 bits and else two, as stored values: the code stream gives the bits,
 * the header their meaning (where they lie in a sample, how many count, whether they are signed). Where both agree, a view of `decoded`.
 */
export function storedValuesOf(
  decoded: Uint8Array,
  codestream: Codestream,
  frame: FrameDescription,
): StoredValues {
  const { precision, signed } = codestream;
  const samples = sampleView(decoded, codestream, frame.rows * frame.columns);
  const { right, mask, sign } = storedBits(frame, precision);
  const raised = isDecodedUnsigned(codestream) ? 2 ** (precision - 1) : 0;
  const sameMeaning = signed === (frame.pixelRepresentation === 1) && precision <= frame.bitsStored;
  const sameContainer = samples.BYTES_PER_ELEMENT * 8 === frame.bitsAllocated;
  if (sameMeaning && sameContainer && right === 0 && raised === 0) return samples;
  const values = createStoredValues(frame);
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
