/** Reads ranges of what can only be made from its first byte on. */
export interface SequentialReader {
  /**
   * Bytes [start, end) of `key`'s content. A read that lies ahead of the last one of the same key goes on
   * from there; any other begins anew.
   * @param chunks the content from its start, called where a read begins anew
   */
  read(
    key: object,
    chunks: () => AsyncGenerator<Uint8Array, void, undefined>,
    start: number,
    end: number,
  ): Promise<Uint8Array>;
}

interface Cursor {
  readonly key: object;
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** The chunk given last, and where it begins. */
  chunk: Uint8Array;
  offset: number;
}

/**
 * Holds one chunk, and where one content is; reads wait for each other, so that frames asked for together
 * come in one pass.
 */
export function createSequentialReader(): SequentialReader {
  let cursor: Cursor | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const readNow = async (
    key: object,
    chunks: () => AsyncGenerator<Uint8Array, void, undefined>,
    start: number,
    end: number,
  ) => {
    const current =
      cursor?.key === key && cursor.offset <= start
        ? cursor
        : { key, chunks: chunks(), chunk: new Uint8Array(0), offset: 0 };
    // A pass that fails is not gone on with.
    cursor = undefined;
    const bytes = new Uint8Array(end - start);
    for (;;) {
      const { chunk, offset } = current;
      const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
      if (part.length > 0) bytes.set(part, Math.max(0, offset - start));
      if (offset + chunk.length >= end) break;
      const next = await current.chunks.next();
      if (next.done) break;
      current.offset += chunk.length;
      current.chunk = next.value;
    }
    cursor = current;
    return bytes;
  };
  return {
    read(key, chunks, start, end) {
      const result = last.then(() => readNow(key, chunks, start, end));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
