import type { ByteSource } from "../core/byte_source.js";

/** Headers are asked for in windows of 16 KB, the members of archives in little more. */
export const BLOCK_BYTES = 32 * 1024;
/** Half a megabyte a source: as many blocks as headers are read at a time, twice. */
const BLOCKS = 16;

/**
 * A source that costs as much for a byte as for thousands, with small reads served from blocks that are kept,
 * the ones used last. Larger reads go to it as they are.
 * @param first the bytes from 0 that are there already
 */
export function blockCached(source: ByteSource, first: Uint8Array): ByteSource {
  const blocks = new Map<number, Promise<Uint8Array>>([[0, Promise.resolve(first)]]);
  const block = (index: number): Promise<Uint8Array> => {
    const known =
      blocks.get(index) ?? source.read(index * BLOCK_BYTES, Math.min(source.size, (index + 1) * BLOCK_BYTES));
    blocks.delete(index);
    blocks.set(index, known);
    known.catch(() => blocks.delete(index));
    for (const [oldest] of blocks) if (blocks.size > BLOCKS) blocks.delete(oldest);
    return known;
  };
  const isLarge = (start: number, end: number) => Math.min(end, source.size) - start > BLOCK_BYTES;
  return {
    ...source,
    take(start, end) {
      return isLarge(start, end) && source.take ? source.take(start, end) : this.read(start, end);
    },
    async read(start, end) {
      if (isLarge(start, end)) return source.read(start, end);
      const to = Math.min(end, source.size);
      const bytes = new Uint8Array(Math.max(0, to - start));
      for (let at = start; at < to; ) {
        const index = Math.floor(at / BLOCK_BYTES);
        const from = at - index * BLOCK_BYTES;
        const part = (await block(index)).subarray(from, from + to - at);
        if (part.length === 0) break;
        bytes.set(part, at - start);
        at += part.length;
      }
      return bytes;
    },
  };
}
