import { HounsfieldError } from "../core/errors.js";
import { readExactly } from "./byte_source.js";
import { tagAt } from "./elements.js";
import type { ByteSource, SliceHeader } from "./slice.js";

/** Bytes [offset, offset + length) of the file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** The items of encapsulated pixel data (PS3.5 A.4). */
export interface FragmentIndex {
  /** As the Basic Offset Table has them: bytes from the first fragment's item tag. Often empty, sometimes wrong. */
  readonly offsetTable: readonly number[];
  /** Without those of no bytes. */
  readonly fragments: readonly Extent[];
  /** First two bytes of each fragment, for telling where a code stream starts. */
  readonly starts: readonly number[];
}

const ITEM = "xfffee000";
const SEQUENCE_DELIMITER = "xfffee0dd";
const ITEM_HEADER_BYTES = 8;
/** One read takes a single frame of usual size whole; of several frames only the items' headers are wanted. */
const ONE_FRAME_WINDOW = 1024 * 1024;
const MANY_FRAMES_WINDOW = 4096;

/**
 * Finds the fragments by walking the items; of their bytes nothing is trusted but the lengths, each checked against the
 * file. A missing sequence delimiter at the end of the file is let pass: whether all frames are there is decided later.
 * @throws HounsfieldError `truncated`, `malformed-dicom`, `io`
 */
export async function indexFragments(
  header: SliceHeader,
  read: Reader,
  signal?: AbortSignal,
): Promise<FragmentIndex> {
  const { source, pixelData } = header;
  const fragments: Extent[] = [];
  const starts: number[] = [];
  let offsetTable: readonly number[] | undefined;
  let at = pixelData.offset;
  while (at + ITEM_HEADER_BYTES <= source.size) {
    signal?.throwIfAborted();
    const extent = await itemAt(source, read, at);
    if (extent === undefined) break;
    if (offsetTable === undefined) offsetTable = await readOffsetTable(read, extent);
    else if (extent.length > 0) {
      fragments.push(extent);
      const start = extent.length > 1 ? await read(extent.offset, 2) : new Uint8Array(2);
      starts.push((start[0] << 8) | start[1]);
    }
    at = extent.offset + extent.length;
  }
  return { offsetTable: offsetTable ?? [], fragments, starts };
}

/** The item whose header is at a byte; undefined for the delimiter that ends them. */
async function itemAt(source: ByteSource, read: Reader, at: number): Promise<Extent | undefined> {
  const bytes = await read(at, ITEM_HEADER_BYTES);
  const tag = tagAt(bytes, 0);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (tag === SEQUENCE_DELIMITER) return undefined;
  const file = source.name;
  if (tag !== ITEM || length === 0xffffffff) {
    const message = `${file}: compressed pixel data are no sequence of items at byte ${at}`;
    throw new HounsfieldError("malformed-dicom", message, { file, offset: at, got: tag, accepted: ITEM });
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

async function readOffsetTable(read: Reader, extent: Extent): Promise<readonly number[]> {
  const bytes = await read(extent.offset, extent.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

/** Gives `length` bytes at `offset`; they may be part of a larger buffer that the reader keeps. */
export type Reader = (offset: number, length: number) => Promise<Uint8Array>;

/** Reads `source` through a window, so that small neighboring reads cost one. Reading beyond the file is the caller's error. */
export function windowReader(header: SliceHeader): Reader {
  const { source, numberOfFrames } = header;
  const windowBytes = numberOfFrames === 1 ? ONE_FRAME_WINDOW : MANY_FRAMES_WINDOW;
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  return async (offset, length) => {
    const inside = offset >= start && offset + length <= start + window.length;
    if (!inside && length > windowBytes) return readExactly(source, offset, offset + length);
    if (!inside) {
      window = await readExactly(source, offset, Math.min(source.size, offset + windowBytes));
      start = offset;
    }
    return window.subarray(offset - start, offset - start + length);
  };
}
