import type { ByteSource } from "../core/byte_source.js";
import { freeBuffer } from "../core/free_buffer.js";
import { BLOCK_BYTES } from "./block_cache.js";

/**
 * A source whose first bytes are there already, in a buffer of its own, and are let go when a large read has
 * taken them to their end: pixels are read once, so a series whose files came whole fills memory no longer
 * than until each is decoded. What is read again is asked of `source`.
 */
export function heldUntilRead(source: ByteSource, first: Uint8Array): ByteSource {
  let held: Uint8Array | undefined = first;
  /** The bytes in what is held, which is let go where nobody is likely to ask for it again. */
  const find = (start: number, to: number): { bytes: Uint8Array; isLast: boolean } | undefined => {
    if (!held || to > held.length) return undefined;
    // Behind the pixels come delimiters and padding, in the last block at most.
    const isLast = to - start > BLOCK_BYTES && to + BLOCK_BYTES > held.length;
    const bytes = held.subarray(start, to);
    if (isLast) held = undefined;
    return { bytes, isLast };
  };
  return {
    ...source,
    async read(start, end) {
      const to = Math.min(end, source.size);
      const found = find(start, to);
      if (!found) return source.read(start, to);
      const bytes = found.bytes.slice();
      if (found.isLast) freeBuffer(found.bytes.buffer);
      return bytes;
    },
    async take(start, end) {
      const to = Math.min(end, source.size);
      const found = find(start, to);
      if (!found) return source.read(start, to);
      return found.isLast ? found.bytes : found.bytes.slice();
    },
  };
}
