import type { FrameDescription } from "../../../core/frame.js";
import type { Codec, StoredValues } from "../common/codec.js";
import { checkFrame, createStoredValues, storedBits } from "../common/stored_bits.js";
import { parseRleHeader, RLE_HEADER_BYTES, type RleSegment } from "./header.js";

/**
 * A frame of 32 bits allocated, as dose grids have them: its four segments are those of two frames of 16
 * bits, the upper halves first. Errors: as of the RLE codec, with offsets in the half they were met in.
 */
export function decodeRle32(half: Codec, bytes: Uint8Array, frame: FrameDescription): StoredValues {
  checkFrame(frame, [32]);
  const segments = parseRleHeader(bytes, 4);
  const halfFrame = {
    ...frame,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    pixelRepresentation: 0,
  } as const;
  const upper = half.decode(halfBytes(bytes, segments[0], segments[1]), halfFrame);
  const lower = half.decode(halfBytes(bytes, segments[2], segments[3]), halfFrame);
  const { right, mask, sign } = storedBits(frame, 32);
  const values = createStoredValues(frame);
  for (let i = 0; i < values.length; i++) {
    // Numbers modulo 2^32, which the container takes as they are meant.
    values[i] = (((((upper[i] << 16) | lower[i]) >>> right) & mask) ^ sign) - sign;
  }
  return values;
}

/** Two neighboring segments as a frame of their own. */
function halfBytes(bytes: Uint8Array, first: RleSegment, second: RleSegment): Uint8Array {
  const half = new Uint8Array(RLE_HEADER_BYTES + second.end - first.start);
  const header = new DataView(half.buffer);
  header.setUint32(0, 2, true);
  header.setUint32(4, RLE_HEADER_BYTES, true);
  header.setUint32(8, RLE_HEADER_BYTES + second.start - first.start, true);
  half.set(bytes.subarray(first.start, second.end), RLE_HEADER_BYTES);
  return half;
}
