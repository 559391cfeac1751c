import type { ByteSource, Extent } from "../../core/byte_source.js";
import { takeExactly } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import { ITEM, ITEM_HEADER_BYTES, SEQUENCE_DELIMITER, tagAt } from "../syntax/elements.js";
import { formatTag } from "../syntax/tags.js";
import type { ImageHeader } from "./slice_header.js";

/** The items of encapsulated pixel data (PS3.5 A.4). */
export interface FragmentIndex {
  /** The first item, which is to be the Basic Offset Table, often of no entries. */
  readonly first?: Extent;
  /** The items behind it, without those of no bytes. */
  readonly fragments: readonly Extent[];
}

/**
 * One read takes a single frame of usual size whole; of several frames only the items' headers are wanted.
 */
const ONE_FRAME_WINDOW = 1024 * 1024;
const MANY_FRAMES_WINDOW = 4096;

/**
 * Finds the fragments by walking the items; of their bytes nothing is trusted but the lengths, each checked
 * against the file. A missing delimiter at the end means that the file was cut, unless the last code stream
 * ends with its end marker.
 * @throws HounsfieldError `truncated`, `malformed-dicom`, `io`
 */
export async function indexFragments(
  header: ImageHeader,
  read: Reader,
  signal?: AbortSignal,
): Promise<FragmentIndex> {
  const { source, pixelData } = header;
  const fragments: Extent[] = [];
  let first: Extent | undefined;
  let at = pixelData.offset;
  for (;;) {
    signal?.throwIfAborted();
    const extent = await itemAt(source, read, at).catch((error: unknown) =>
      orEnd(error, source, read, at, fragments.length > 0 || !first ? fragments : [first]),
    );
    if (extent === undefined) return { first, fragments };
    if (first === undefined) first = extent;
    else if (extent.length > 0) fragments.push(extent);
    at = extent.offset + extent.length;
  }
}

/** Rare, and loaded then. */
async function orEnd(
  error: unknown,
  source: ByteSource,
  read: Reader,
  at: number,
  fragments: readonly Extent[],
): Promise<undefined> {
  const { areWholeWithoutDelimiter } = await import("./missing_delimiter.js");
  if (!(await areWholeWithoutDelimiter(source, read, at, fragments))) throw error;
}

/** The item whose header is at a byte; undefined for the delimiter that ends them. */
async function itemAt(source: ByteSource, read: Reader, at: number): Promise<Extent | undefined> {
  const file = source.name;
  if (at + ITEM_HEADER_BYTES > source.size) {
    const message = `${file}: ends at byte ${source.size}, before its compressed pixel data are closed`;
    throw new HounsfieldError("truncated", message, { file, offset: source.size });
  }
  const bytes = await read(at, ITEM_HEADER_BYTES);
  const tag = tagAt(bytes, 0);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (tag === SEQUENCE_DELIMITER) return undefined;
  if (tag !== ITEM || length === 0xffffffff) {
    const message = `${file}: compressed pixel data are no sequence of items at byte ${at}`;
    throw new HounsfieldError("malformed-dicom", message, {
      file,
      offset: at,
      got: formatTag(tag),
      accepted: formatTag(ITEM),
    });
  }
  const offset = at + ITEM_HEADER_BYTES;
  if (offset + length <= source.size) return { offset, length };
  const message = `${file}: a fragment at byte ${at} declares ${length} bytes, but the file ends at byte ${source.size}`;
  throw new HounsfieldError("truncated", message, {
    file,
    offset: at,
    got: source.size - offset,
    accepted: length,
  });
}

/** Gives `length` bytes at `offset`; they may be part of a larger buffer that the reader keeps. */
export type Reader = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * Reads `source` through a window, so that small neighboring reads cost one. Reading beyond the file is the
 * caller's error.
 */
export function windowReader(header: ImageHeader): Reader {
  const { source, numberOfFrames } = header;
  const windowBytes = numberOfFrames === 1 ? ONE_FRAME_WINDOW : MANY_FRAMES_WINDOW;
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  return async (offset, length) => {
    const inside = offset >= start && offset + length <= start + window.length;
    if (!inside && length > windowBytes) return takeExactly(source, offset, offset + length);
    if (!inside) {
      window = await takeExactly(source, offset, Math.min(source.size, offset + windowBytes));
      start = offset;
    }
    return window.subarray(offset - start, offset - start + length);
  };
}
