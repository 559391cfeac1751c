import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import { derivedFrom } from "../../core/derived_source.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { inflateRaw } from "./inflate.js";

/**
 * A data set that inflates to more is refused: 2,000 slices of 512 x 512 in one file, which nobody deflates.
 */
export const MAX_INFLATED_BYTES = 2 ** 30;
/**
 * What is kept of an inflated data set until the memory is wanted elsewhere; a larger one is inflated again
 * for each read.
 */
const KEPT_BYTES = 64 * 2 ** 20;

/**
 * The data set of a file in Deflated Explicit VR Little Endian (PS3.5 A.5), as a source of its own whose byte
 * 0 is the first of the data set. Its size is counted first, in constant memory, so that what a small file
 * promises is known before anything of that size is taken.
 * @param start where the deflated bytes begin in `source`: behind the meta information
 * @throws HounsfieldError `malformed-dicom`, `truncated`, with the offset in the file; `limit-exceeded` above
 * MAX_INFLATED_BYTES; `io`
 */
export async function inflatedSource(source: ByteSource, start: number): Promise<ByteSource> {
  const { name } = source;
  const { size, bytes } = countInflated(await readExactly(source, start, source.size), name, start);
  let kept: WeakRef<Uint8Array> | undefined = bytes && new WeakRef(bytes);
  return derivedFrom(source, {
    name,
    size,
    async read(from, to) {
      const present = kept?.deref();
      if (present) return present.slice(from, to);
      const deflated = await readExactly(source, start, source.size);
      const isSmall = size <= KEPT_BYTES;
      const range = isSmall ? [0, size] : [Math.min(from, size), Math.min(to, size)];
      const inflated = inflateRange(deflated, name, start, range[0], range[1]);
      if (!isSmall) return inflated;
      kept = new WeakRef(inflated);
      return inflated.slice(from, to);
    },
  });
}

/** How many bytes there are, and the bytes where they are few. */
function countInflated(deflated: Uint8Array, file: string, start: number) {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunksOf(deflated, file, start)) {
    size += chunk.length;
    if (size > MAX_INFLATED_BYTES) {
      const message = `${file}: its data set of ${deflated.length} bytes inflates to more than ${MAX_INFLATED_BYTES}`;
      throw new HounsfieldError("limit-exceeded", message, { file, accepted: MAX_INFLATED_BYTES });
    }
    if (size <= KEPT_BYTES) chunks.push(chunk);
    else chunks = [];
  }
  if (size > KEPT_BYTES) return { size };
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { size, bytes };
}

function inflateRange(
  deflated: Uint8Array,
  file: string,
  start: number,
  from: number,
  to: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let at = 0;
  for (const chunk of chunksOf(deflated, file, start)) {
    const part = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (part.length > 0) bytes.set(part, Math.max(0, at - from));
    at += chunk.length;
    if (at >= to) break;
  }
  return bytes;
}

function* chunksOf(deflated: Uint8Array, file: string, start: number): Generator<Uint8Array> {
  try {
    yield* inflateRaw(deflated);
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    const offset = start + (error.fields.offset ?? 0);
    throw new HounsfieldError(error.code, `${file}: ${error.message}`, { ...error.fields, file, offset });
  }
}
