import { createHash } from "node:crypto";
import type { ByteSource } from "../../core/byte_source.js";
import { fileOf } from "../../core/derived_source.js";
import type { Series } from "../../dicom/series/list_series.js";

export interface InputFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256?: string;
}

export interface HashedInputs {
  /** The series, read through sources that hash themselves. */
  readonly series: Series;
  /** The hash of each of its files, in slice order; what has not been read yet is read now. */
  inputs(signal?: AbortSignal): Promise<InputFile[]>;
}

/**
 * Files up to this size are read whole at their first read, so that disk and page cache are asked once for
 * pixels and hash.
 */
const WHOLE_BYTES = 16 * 2 ** 20;
/** A frame takes a few reads: so many files are held in between. */
const FILES_HELD = 4;
const PIECE_BYTES = 4 * 2 ** 20;

/** Without `hashes`, the names and sizes alone, and the series as it is. */
export function hashedInputs(
  series: Series,
  { hashes: isHashed }: { readonly hashes: boolean },
): HashedInputs {
  const hashes = new Map<ByteSource, string>();
  const held = new Map<ByteSource, Uint8Array>();
  const sources = series.files ?? [...new Set(series.slices.map((slice) => slice.source))];
  if (!isHashed) {
    const inputs = async () => sources.map(fileOf).map(({ name, size }) => ({ file: name, bytes: size }));
    return { series, inputs };
  }
  // Files of other programs are large, and read by frames or whole: they are hashed for themselves, as are
  // those of which a source's bytes were made.
  const files = series.files ? [] : sources.filter((source) => fileOf(source) === source);
  const hashing = new Map(files.map((source) => [source, hashingSource(source, hashes, held)]));
  const slices = series.slices.map((slice) => ({
    ...slice,
    source: hashing.get(slice.source) ?? slice.source,
  }));
  return {
    series: { ...series, slices },
    async inputs(signal) {
      held.clear();
      const inputs: InputFile[] = [];
      for (const source of sources.map(fileOf)) {
        signal?.throwIfAborted();
        const sha256 = hashes.get(source) ?? (await hashInPieces(source, signal));
        inputs.push({ file: source.name, bytes: source.size, sha256 });
      }
      return inputs;
    },
  };
}

function hashingSource(
  source: ByteSource,
  hashes: Map<ByteSource, string>,
  held: Map<ByteSource, Uint8Array>,
): ByteSource {
  if (source.size > WHOLE_BYTES) return source;
  /** The whole file; undefined where it was hashed and let go. */
  const whole = async () => {
    const known = held.get(source);
    if (known || hashes.has(source)) return known;
    const bytes = await source.read(0, source.size);
    hashes.set(source, createHash("sha256").update(bytes).digest("hex"));
    held.set(source, bytes);
    for (const oldest of held.keys()) if (held.size > FILES_HELD) held.delete(oldest);
    return bytes;
  };
  return {
    name: source.name,
    size: source.size,
    async read(start, end) {
      const bytes = await whole();
      return bytes ? Uint8Array.prototype.slice.call(bytes, start, end) : source.read(start, end);
    },
    async take(start, end) {
      const bytes = await whole();
      // The only frame: nobody asks again, and a copy of it would cost as much as hashing half of it.
      const isMost = (end - start) * 2 > source.size;
      return bytes && isMost && held.delete(source) ? bytes.subarray(start, end) : this.read(start, end);
    },
  };
}

async function hashInPieces(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    signal?.throwIfAborted();
    hash.update(await source.read(at, Math.min(source.size, at + PIECE_BYTES)));
  }
  return hash.digest("hex");
}
