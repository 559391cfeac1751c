import type { ByteSource } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import type { Control } from "../core/control.js";

/** Read at a time: whoever works on it lets others have their turn after so much. */
const READ_BYTES = 512 * 1024;
/** Given at a time, since it may be copied. */
const PIECE_BYTES = 128 * 1024;

/**
 * Reads a source from its start to its end, where those who read may go back a little: each byte is asked of
 * the source once.
 */
export interface PieceReader {
  /** Bytes from `at` on: some, and none at the end of the source only. Not to be changed. */
  piece(at: number): Promise<Uint8Array>;
  /** Bytes [at, at + count), fewer where the source ends before. */
  bytes(at: number, count: number): Promise<Uint8Array>;
}

/** Progress stage: "unpack", in bytes of `source`. */
export function createPieceReader(source: ByteSource, { signal, onProgress }: Control): PieceReader {
  /** The last two that were read. */
  let held: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  let done = 0;

  const heldAt = async (at: number) => {
    const found = held.find(({ start, bytes }) => at >= start && at < start + bytes.length);
    if (found) return found;
    signal?.throwIfAborted();
    const end = Math.min(source.size, at + READ_BYTES);
    const read = { start: at, bytes: await readExactly(source, at, end) };
    held = [...held.slice(-1), read];
    done = Math.max(done, end);
    onProgress?.({ stage: "unpack", done, total: source.size });
    return read;
  };
  const piece = async (at: number): Promise<Uint8Array> => {
    if (at >= source.size) return new Uint8Array(0);
    const { start, bytes } = await heldAt(at);
    return bytes.subarray(at - start, at - start + PIECE_BYTES);
  };
  return {
    piece,
    async bytes(at, count) {
      const first = await piece(at);
      if (first.length >= count) return first.subarray(0, count);
      const joined = new Uint8Array(Math.max(0, Math.min(count, source.size - at)));
      for (let done = 0; done < joined.length; ) {
        const part = (await piece(at + done)).subarray(0, joined.length - done);
        joined.set(part, done);
        done += part.length;
      }
      return joined;
    },
  };
}
