import { freeBuffer } from "../core/free_buffer.js";
import type { ByteSource } from "../dicom/slice.js";
import { BLOCK_BYTES } from "./block_cache.js";

/**
 * A source whose first bytes are there already, in a buffer of its own, and are let go when a large read has taken them to their end: pixels are read once, so a series
 * whose files came whole fills memory no longer than until each is decoded. What is read again is asked of `source`.
 */
export function heldUntilRead(source: ByteSource, first: Uint8Array): ByteSource {
  let held: Uint8Array | undefined = first;
  return {
    ...source,
    async read(start, end) {
      const to = Math.min(end, source.size);
      if (!held || to > held.length) return source.read(start, to);
      const bytes = held.slice(start, to);
      // Behind the pixels come delimiters and padding, in the last block at most.
      if (to - start > BLOCK_BYTES && to + BLOCK_BYTES > held.length) {
        freeBuffer(held.buffer);
        held = undefined;
      }
      return bytes;
    },
  };
}
