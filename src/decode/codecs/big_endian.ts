import type { Codec } from "../frame.js";
import { createRawCodec } from "./raw.js";

/**
 * Uncompressed big-endian frames (1.2.840.10008.1.2.2, PS3.5 A.3, retired): words of 16 bits are swapped, bytes of 8 bits allocated are
 * as they are. (The reader has swapped those that came in words, VR OW: pairs may lie across frames, and a codec does not know the VR.)
 * Errors: as of the raw codec.
 */
export async function createBigEndianCodec(): Promise<Codec> {
  const raw = await createRawCodec();
  return {
    decode(bytes, frame) {
      return raw.decode(frame.bitsAllocated === 16 ? withSwappedPairs(bytes) : bytes, frame);
    },
  };
}

/** A copy with each pair of bytes exchanged, two pairs at a time; bytes behind the last pair are left out. */
function withSwappedPairs(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  swapped.set(bytes);
  const words = new Uint32Array(swapped.buffer);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    words[i] = ((word & 0x00ff00ff) << 8) | ((word >>> 8) & 0x00ff00ff);
  }
  return swapped.subarray(0, bytes.length - (bytes.length % 2));
}
