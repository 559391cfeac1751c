import type { ByteSource } from "../core/byte_source.js";
import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import { gzipChunks } from "./gzip_members.js";

/**
 * Gzip has no index: to read in it at random it must be unpacked whole. Node holds that in memory, browsers
 * may put it on disk.
 */
const MAX_UNPACKED_BYTES = 2 ** 30;
/** Chunks are put together to blobs of this size, so that two copies of no more than that exist. */
const BLOB_BYTES = 16 * 2 ** 20;

/** Bounds of what gzip files may unpack to. */
export interface GunzipOptions extends Control {
  /** What a gzip file may unpack to; 1 GiB where left out. */
  readonly maxUnpackedBytes?: number;
}

/**
 * A gzip file's content as a source, all its members, unpacked once. Progress stage: "unpack", in bytes of
 * `source`.
 * @throws HounsfieldError `malformed-archive`; `limit-exceeded` where it holds more than `maxUnpackedBytes`;
 * `io`
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
  for await (const chunk of gzipChunks(source, options)) {
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

function tooLarge(source: ByteSource, accepted: number): HounsfieldError {
  const message = `${source.name}: unpacks to more than ${accepted} bytes, and gzip can be read only whole; unpack it first`;
  return new HounsfieldError("limit-exceeded", message, { file: source.name, accepted });
}
