import { HounsfieldError } from "../../../core/errors.js";
import type { HuffmanTable } from "../jpeg/huffman_table.js";
import type { JpegLosslessHeader } from "./header.js";
import type { JpegLosslessKernel } from "./kernel.js";

/** A stretch of consecutive differences in the kernel's memory: u16, modulo 2^16. */
export interface Piece {
  readonly pointer: number;
  readonly count: number;
}

/** The entropy-coded bytes between two markers, unstuffed and reversed below `top`. */
interface Segment {
  readonly top: number;
  readonly bits: number;
  /** Of its first byte and of the byte that ends it, in the code stream. */
  readonly start: number;
  readonly end: number;
}

/** A frame that is being decoded: its bytes, and where they and the buffers lie in the kernel's memory. */
export interface ScanSource {
  readonly bytes: Uint8Array;
  readonly header: JpegLosslessHeader;
  readonly samples: number;
  readonly rows: number;
  readonly copy: number;
  readonly top: number;
  readonly differences: number;
  /** Fewest bits of a symbol. */
  readonly shortest: number;
}

/** Below this a cursor's detour to its junction (some 10,000 bits at worst) would not pay. */
const LEAST_SPLIT_BITS = 4 * 32768;
/**
 * What a cursor may write beyond its own quarter: its way to the junction, and the steps that follow a stop.
 */
const OVERRUN_BITS = 320 * 32 + 256;
/** Bit positions are kept in an int32 whose sign says "failed". */
const MOST_BYTES = 2 ** 28 - 1024;

/** Copies the scan into the kernel's memory and reserves room for its differences. */
export function openScan(
  kernel: JpegLosslessKernel,
  bytes: Uint8Array,
  header: JpegLosslessHeader,
  rows: number,
): ScanSource {
  const samples = rows * header.columns;
  const length = bytes.length - header.scanOffset;
  if (length > MOST_BYTES) {
    const message = `a JPEG Lossless scan of ${length} bytes is too long, ${MOST_BYTES} are the most`;
    throw new HounsfieldError("limit-exceeded", message, { got: length, accepted: MOST_BYTES });
  }
  const shortest = shortestSymbol(header.table);
  if (samples * shortest > length * 8) {
    const message = `${rows} x ${header.columns} samples of at least ${shortest} bits cannot come from ${length} bytes`;
    throw new HounsfieldError("truncated", message, { offset: bytes.length });
  }
  const copy = kernel.take(length + 16);
  const top = kernel.take(length + 128) + length + 128;
  const most = Math.max(samples, Math.ceil((length * 8 + 4 * OVERRUN_BITS) / shortest)) + 256;
  const differences = kernel.take(most * 2);
  kernel.bytes().set(bytes.subarray(header.scanOffset), copy);
  loadTables(kernel, header.table);
  return { bytes, header, rows, samples, copy, top, differences, shortest };
}

function shortestSymbol(table: HuffmanTable): number {
  let shortest = 64;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    for (let n = table.counts[length - 1]; n > 0; n--) {
      shortest = Math.min(shortest, length + (table.symbols[index++] & 15));
    }
  }
  return shortest;
}

/** Slices of a series mostly share one table: it is expanded only where it differs from the last one. */
function loadTables(kernel: JpegLosslessKernel, table: HuffmanTable): void {
  const { counts, symbols } = table;
  const present = kernel.bytes().subarray(kernel.table, kernel.table + 16 + symbols.length);
  const same = counts.every((n, i) => n === present[i]) && symbols.every((s, i) => s === present[16 + i]);
  if (same) return;
  present.set(counts);
  present.set(symbols, 16);
  kernel.run.build_tables(kernel.table, kernel.table + 16, kernel.fast, kernel.codes);
}

/** Unstuffs the segment that starts at `offset` of the code stream. */
export function readSegment(kernel: JpegLosslessKernel, source: ScanSource, offset: number): Segment {
  const { copy, top, bytes, header } = source;
  const shift = copy - header.scanOffset;
  const stop = kernel.run.unstuff(offset + shift, bytes.length + shift, top, kernel.written) >>> 0;
  const written = new DataView(kernel.bytes().buffer).getUint32(kernel.written, true);
  return { top, bits: written * 8, start: offset, end: stop - shift };
}

/**
 * Decodes `count` differences of a segment, with four cursors where `split` asks for it and the segment is
 * long enough.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function readDifferences(
  kernel: JpegLosslessKernel,
  source: ScanSource,
  segment: Segment,
  count: number,
  split: boolean,
): Piece[] {
  if (split && segment.bits >= LEAST_SPLIT_BITS) {
    const pieces = readSplit(kernel, source, segment, count);
    if (pieces) return pieces;
  }
  const { fast, codes } = kernel;
  const end = kernel.run.decode_run(segment.top, 0, segment.bits, fast, codes, source.differences, count);
  if (end < 0) throw segmentError(source, segment, ~end);
  return [{ pointer: source.differences, count }];
}

/** Undefined where the cursors did not meet. */
function readSplit(
  kernel: JpegLosslessKernel,
  source: ScanSource,
  segment: Segment,
  count: number,
): Piece[] | undefined {
  const { fast, codes, cursors, notes } = kernel;
  const quarter = Math.floor(segment.bits / 32) * 8;
  const room = Math.ceil((quarter + 32 + OVERRUN_BITS) / source.shortest) * 2;
  const starts = [0, 1, 2, 3].map((i) => source.differences + i * room);
  const records = new Uint32Array(kernel.bytes().buffer, cursors, 4 * 5);
  starts.forEach((start, i) => {
    records.set([i * quarter, 0, start, 0, 0], i * 5);
  });
  if (!kernel.run.decode_split(segment.top, segment.bits, fast, codes, cursors, notes)) return undefined;

  const pieces: Piece[] = [];
  let missing = count;
  for (let i = 0; i < 4; i++) {
    const [bit, , out, first] = records.subarray(i * 5);
    const pointer = starts[i] + first * 2;
    let decoded = (out - pointer) / 2;
    if (i === 3 && decoded < missing) {
      const end = kernel.run.decode_run(segment.top, bit, segment.bits, fast, codes, out, missing - decoded);
      if (end < 0) throw segmentError(source, segment, ~end);
      decoded = missing;
    }
    const kept = Math.min(decoded, missing);
    pieces.push({ pointer, count: kept });
    missing -= kept;
  }
  return pieces;
}

/** What stopped `decodeRun` at `bit`: the data ran out, or no code matches. */
function segmentError(source: ScanSource, segment: Segment, bit: number): HounsfieldError {
  const offset = streamOffset(source.bytes, segment, Math.min(bit, segment.bits) >> 3);
  // The longest code has 16 bits: with fewer left, a mismatch comes from the padding.
  if (bit + 16 <= segment.bits) {
    return new HounsfieldError("decode-failed", "no Huffman code matches", { offset });
  }
  const cut = segment.end >= source.bytes.length - 1;
  const message = cut
    ? "the code stream ends before its last sample"
    : "a JPEG marker stands before the last sample that should precede it";
  return new HounsfieldError(cut ? "truncated" : "decode-failed", message, { offset });
}

/** Offset in the code stream of byte `index` of the unstuffed segment. */
function streamOffset(bytes: Uint8Array, segment: Segment, index: number): number {
  let offset = segment.start;
  for (let n = 0; n < index && offset < segment.end; n++) offset += bytes[offset] === 0xff ? 2 : 1;
  return Math.min(offset, segment.end);
}
