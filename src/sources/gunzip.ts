import type { Control } from "../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { readExactly } from "../dicom/byte_source.js";
import type { ByteSource } from "../dicom/slice.js";
import { malformedArchive } from "./archive_error.js";

/** Gzip has no index: to read in it at random it must be unpacked whole. Node holds that in memory, browsers may put it on disk. */
export const MAX_GUNZIPPED_BYTES = 2 ** 30;
const PIECE_BYTES = 2 ** 20;
/** Chunks are put together to blobs of this size, so that two copies of no more than that exist. */
const BLOB_BYTES = 16 * 2 ** 20;

/**
 * A gzip file's content as a source, unpacked once. Progress stage: "unpack", in bytes of `source`.
 * @throws HounsfieldError `malformed-archive`; `limit-exceeded` where it holds more than MAX_GUNZIPPED_BYTES; `io`
 */
export async function gunzipped(
  source: ByteSource,
  name: string,
  control: Control = {},
): Promise<ByteSource> {
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let partBytes = 0;
  let size = 0;
  const reader = pieces(source, control).pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      control.signal?.throwIfAborted();
      size += next.value.length;
      if (size > MAX_GUNZIPPED_BYTES) throw tooLarge(source);
      parts.push(new Uint8Array(next.value));
      partBytes += next.value.length;
      if (partBytes < BLOB_BYTES) continue;
      blobs.push(new Blob(parts));
      parts = [];
      partBytes = 0;
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    control.signal?.throwIfAborted();
    if (isHounsfieldError(error)) throw error;
    throw malformedArchive(source.name, "is gzip that breaks off or is damaged", {}, error);
  }
  const blob = new Blob([...blobs, ...parts]);
  return {
    name,
    size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
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

function tooLarge(source: ByteSource): HounsfieldError {
  const message = `${source.name}: unpacks to more than ${MAX_GUNZIPPED_BYTES} bytes, which gzip allows to read only whole; unpack it first`;
  return new HounsfieldError("limit-exceeded", message, { file: source.name, accepted: MAX_GUNZIPPED_BYTES });
}
