import type { Codec } from "../common/codec.js";
import { createRawCodec } from "./raw.js";

/**
 * Uncompressed big-endian frames (1.2.840.10008.1.2.2, PS3.5 A.3, retired): the bytes of samples of 16 and 32
 * bits are reversed, those of 8 bits are as they are. (The reader has swapped those that came in words, VR
 * OW: pairs may lie across frames, and a codec does not know the VR.) Errors: as of the raw codec.
 */
export async function createBigEndianCodec(): Promise<Codec> {
  const raw = await createRawCodec();
  return { decode: (bytes, frame) => raw.decode(littleEndian(bytes, frame.bitsAllocated), frame) };
}

/** A copy with the bytes of each sample reversed; what is behind the last whole one is left out. */
function littleEndian(bytes: Uint8Array, bitsAllocated: number): Uint8Array {
  if (bitsAllocated !== 16 && bitsAllocated !== 32) return bytes;
  const reversed = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  reversed.set(bytes);
  const words = new Uint32Array(reversed.buffer);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const pairs = ((word & 0x00ff00ff) << 8) | ((word >>> 8) & 0x00ff00ff);
    words[i] = bitsAllocated === 16 ? pairs : (pairs << 16) | (pairs >>> 16);
  }
  return reversed.subarray(0, bytes.length - (bytes.length % (bitsAllocated / 8)));
}
