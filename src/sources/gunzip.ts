import type { ByteSource } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import type { Control } from "../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { malformedArchive } from "./archive_error.js";

/** Gzip has no index: to read in it at random it must be unpacked whole. Node holds that in memory, browsers may put it on disk. */
const MAX_UNPACKED_BYTES = 2 ** 30;
const PIECE_BYTES = 2 ** 20;
/** Chunks are put together to blobs of this size, so that two copies of no more than that exist. */
const BLOB_BYTES = 16 * 2 ** 20;

export interface GunzipOptions extends Control {
  /** What a gzip file may unpack to; 1 GiB where left out. */
  readonly maxUnpackedBytes?: number;
}

/**
 * A gzip file's content as a source, unpacked once. Progress stage: "unpack", in bytes of `source`.
 * @throws HounsfieldError `malformed-archive`; `limit-exceeded` where it holds more than `maxUnpackedBytes`; `io`
 */
export async function gunzipped(
  source: ByteSource,
  name: string,
  options: GunzipOptions = {},
): Promise<ByteSource> {
  const { maxUnpackedBytes = MAX_UNPACKED_BYTES } = options;
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let partBytes = 0;
  let size = 0;
  for await (const chunk of inflatedChunks(source, options)) {
    size += chunk.length;
    if (size > maxUnpackedBytes) throw tooLarge(source, maxUnpackedBytes);
    parts.push(chunk);
    partBytes += chunk.length;
    if (partBytes < BLOB_BYTES) continue;
    blobs.push(new Blob(parts));
    parts = [];
    partBytes = 0;
  }
  const blob = new Blob([...blobs, ...parts]);
  return {
    name,
    size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

async function* inflatedChunks(
  source: ByteSource,
  control: Control,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = pieces(source, control).pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        control.signal?.throwIfAborted();
        if (isHounsfieldError(cause)) throw cause;
        throw malformedArchive(source.name, "is gzip that breaks off or is damaged", {}, cause);
      });
      if (done) return;
      yield new Uint8Array(value);
    }
  } finally {
    // Of a stream that has failed: the reason is on its way already.
    await reader.cancel().catch(() => undefined);
  }
}

function pieces(
  source: ByteSource,
  { signal, onProgress }: Control,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let done = 0;
  return new ReadableStream({
    async pull(controller) {
      try {
        signal?.throwIfAborted();
        const end = Math.min(source.size, done + PIECE_BYTES);
        if (end > done) controller.enqueue(new Uint8Array(await readExactly(source, done, end)));
        done = end;
        onProgress?.({ stage: "unpack", done, total: source.size });
        if (done === source.size) controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
}

function tooLarge(source: ByteSource, accepted: number): HounsfieldError {
  const message = `${source.name}: unpacks to more than ${accepted} bytes, and gzip can be read only whole; unpack it first`;
  return new HounsfieldError("limit-exceeded", message, { file: source.name, accepted });
}
