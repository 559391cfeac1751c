import { HounsfieldError } from "../../../core/errors.js";
import type { HuffmanTable } from "../jpeg/huffman_table.js";
import { jpegError, nextMarker, passRestart } from "../jpeg/markers.js";
import type { DctScan } from "./header.js";
import type { JpegDctKernel } from "./kernel.js";

/** A frame that is being decoded, and where its bytes and coefficients lie in the kernel's memory. */
export interface DctSource {
  readonly bytes: Uint8Array;
  readonly copy: number;
  /** Segments are unstuffed and reversed below this. */
  readonly top: number;
  /** 128 bytes a block, left to right, then down. */
  readonly blocks: number;
  readonly blockCount: number;
}

/**
 * The entropy-coded bytes between two markers: offsets in the code stream of the first and of the byte that
 * ends it.
 */
interface Segment {
  readonly bits: number;
  readonly start: number;
  readonly end: number;
}

/** Bit positions are kept in an int32 whose sign says "failed". */
const MOST_BYTES = 2 ** 28 - 1024;
/** What the kernel may read below the end of a segment: one block's longest symbols, and a window. */
const OVERREAD_BYTES = 512;

/**
 * Copies the code stream into the kernel's memory and reserves zeroed blocks.
 * @throws HounsfieldError `truncated` where the bytes cannot hold so many blocks, `limit-exceeded`
 */
export function openSource(
  kernel: JpegDctKernel,
  bytes: Uint8Array,
  firstScan: DctScan,
  blockCount: number,
): DctSource {
  if (bytes.length > MOST_BYTES) {
    const message = `a JPEG code stream of ${bytes.length} bytes is too long, ${MOST_BYTES} are the most`;
    throw new HounsfieldError("limit-exceeded", message, { got: bytes.length, accepted: MOST_BYTES });
  }
  // Every block takes at least one bit of the first scan, which gives it its DC coefficient.
  if (blockCount > (bytes.length - firstScan.offset) * 8) {
    const message = `${blockCount} blocks cannot come from ${bytes.length - firstScan.offset} bytes`;
    throw jpegError("truncated", message, bytes.length);
  }
  const copy = kernel.take(bytes.length + 16);
  const top = kernel.take(bytes.length + OVERREAD_BYTES) + bytes.length + OVERREAD_BYTES;
  const blocks = kernel.take(blockCount * 128);
  const memory = kernel.bytes();
  memory.set(bytes, copy);
  memory.fill(0, blocks, blocks + blockCount * 128);
  return { bytes, copy, top, blocks, blockCount };
}

/**
 * Decodes one scan into the blocks. Returns the offset of the marker, or the end of the bytes, behind it.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function decodeScan(kernel: JpegDctKernel, source: DctSource, scan: DctScan): number {
  if (scan.dc) loadTable(kernel, scan.dc, kernel.dcSource, kernel.dc);
  if (scan.ac) loadTable(kernel, scan.ac, kernel.acSource, kernel.ac);
  const decode = intervalDecoder(kernel, source, scan);
  const interval = scan.restartInterval || source.blockCount;
  let end = scan.offset;
  for (let block = 0, index = 0; block < source.blockCount; block += interval, index++) {
    const offset = index === 0 ? end : passRestart(source.bytes, end, index - 1);
    const segment = readSegment(kernel, source, offset);
    const count = Math.min(interval, source.blockCount - block);
    const bit = decode(segment.bits, source.blocks + block * 128, count);
    if (bit < 0) throw scanError(source, segment, ~bit);
    end = segment.end;
  }
  return end;
}

type DecodeInterval = (limit: number, blocks: number, count: number) => number;

function intervalDecoder(kernel: JpegDctKernel, { top }: DctSource, scan: DctScan): DecodeInterval {
  const { run, order, dc, ac } = kernel;
  const { first, last, low } = scan;
  if (!scan.frame.progressive) {
    return (limit, blocks, count) => run.decode_sequential(top, limit, dc, order, blocks, count);
  }
  if (first > 0) {
    const decode = scan.high === 0 ? run.decode_ac_first : run.decode_ac_refine;
    return (limit, blocks, count) => decode(top, limit, ac, order, blocks, count, first, last, low);
  }
  if (scan.high > 0) return (limit, blocks, count) => run.decode_dc_refine(top, limit, blocks, count, low);
  return (limit, blocks, count) => run.decode_dc_first(top, limit, dc, blocks, count, low);
}

/**
 * Slices of a series mostly share their tables: one is expanded only where it differs from the last one in
 * its place.
 */
function loadTable(kernel: JpegDctKernel, table: HuffmanTable, sourceAt: number, expandedAt: number): void {
  const { counts, symbols } = table;
  const present = kernel.bytes().subarray(sourceAt, sourceAt + 16 + symbols.length);
  const same = counts.every((n, i) => n === present[i]) && symbols.every((s, i) => s === present[16 + i]);
  if (same) return;
  present.set(counts);
  present.set(symbols, 16);
  kernel.run.build_table(sourceAt, sourceAt + 16, expandedAt);
}

function readSegment(kernel: JpegDctKernel, source: DctSource, offset: number): Segment {
  const { copy, bytes, top } = source;
  const stop = kernel.run.unstuff(copy + offset, copy + bytes.length, top, kernel.written) >>> 0;
  const written = new DataView(kernel.bytes().buffer).getUint32(kernel.written, true);
  return { bits: written * 8, start: offset, end: stop - copy };
}

/** What stopped the kernel at `bit`: the data ran out, or it means nothing. */
function scanError(source: DctSource, segment: Segment, bit: number): HounsfieldError {
  const offset = streamOffset(source.bytes, segment, Math.min(bit, segment.bits) >> 3);
  // The longest code has 16 bits: with fewer left, a mismatch comes from the padding.
  if (bit + 16 <= segment.bits) {
    return jpegError("decode-failed", "the coefficients make no sense: no code or no place for one", offset);
  }
  if (segment.end >= source.bytes.length - 1) {
    return jpegError("truncated", "the code stream ends before its last block", offset);
  }
  const { code } = nextMarker(source.bytes, segment.end);
  const message = `JPEG marker FF${code.toString(16).toUpperCase()} stands before the last block that should precede it`;
  return jpegError("decode-failed", message, offset);
}

/** Offset in the code stream of byte `index` of the unstuffed segment. */
function streamOffset(bytes: Uint8Array, segment: Segment, index: number): number {
  let offset = segment.start;
  for (let n = 0; n < index && offset < segment.end; n++) offset += bytes[offset] === 0xff ? 2 : 1;
  return Math.min(offset, segment.end);
}
