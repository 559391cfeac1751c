import { HounsfieldError } from "../core/errors.js";
import type { FrameDescription } from "./frame.js";
import { nextMarker } from "./jpeg_header.js";
import type { JpegLsHeader } from "./jpeg_ls_header.js";
import { type JpegLsKernel, readScanField, writeScanFields } from "./jpeg_ls_kernel.js";
import type { PackedOutput, PackedValues } from "./packed_codec.js";
import { storedBits } from "./stored_bits.js";

/** A frame that is being decoded: its bytes, and where they and the buffers lie in the kernel's memory. */
export interface LsSource {
  readonly bytes: Uint8Array;
  readonly header: JpegLsHeader;
  readonly frame: FrameDescription;
  readonly output: PackedOutput;
  /** The bytes from the first scan on, and the top of their unstuffed, reversed copy. */
  readonly copy: number;
  readonly top: number;
  /** Two lines, each with a sample before and one behind it. */
  readonly lines: readonly [number, number];
  readonly values: number;
}

/** Bit positions are kept below 2^31. */
const MOST_BYTES = 2 ** 28 - 2 ** 20;
/** Most bytes a sample can take (T.87: LIMIT is 64 for 16 bits): a line may read that far beyond the end before it is checked. */
const SAMPLE_BYTES = 8;
/** A bit of run mode stands for at most 2^15 samples and never for more than a line. */
const RUN_SAMPLES = 32768;

/** Copies the scan into the kernel's memory and reserves room for lines and values. */
export function openLsSource(
  kernel: JpegLsKernel,
  bytes: Uint8Array,
  header: JpegLsHeader,
  frame: FrameDescription,
  output: PackedOutput,
): LsSource {
  const { columns, scanOffset } = header;
  const length = bytes.length - scanOffset;
  checkLength(length, header, frame.rows, bytes.length);
  const copy = kernel.take(length + 16);
  const slack = columns * SAMPLE_BYTES + 128;
  const top = kernel.take(length + slack) + length + slack;
  // Zeros for the first line above, and 16 bytes of slack for whole stores.
  const lineBytes = (columns + 2) * 2 + 32;
  const lines = [kernel.take(lineBytes) + 16, kernel.take(lineBytes) + 16] as const;
  const values = kernel.take(frame.rows * output.pitch * 2);
  const gradients = takeGradients(kernel, header);
  kernel.bytes().set(bytes.subarray(scanOffset), copy);
  const { maxval, near, range, qbpp, limit, reset } = header.coding;
  writeScanFields(kernel, { top, columns, maxval, near, range, qbpp, limit, reset });
  writeScanFields(kernel, { gradients, gradientBytes: 2 * maxval + 1, contexts: kernel.contexts });
  const { right, mask, sign } = storedBits(frame, header.precision);
  const { pitch, slope, intercept } = output;
  writeScanFields(kernel, { out: values, pitch, right, mask, sign, slope, intercept });
  writeScanFields(kernel, { rangeOut: kernel.range });
  new Int32Array(kernel.bytes().buffer, kernel.range, 2).set([2 ** 31 - 1, -(2 ** 31)]);
  return { bytes, header, frame, output, copy, top, lines, values };
}

/** Refuses what cannot be before memory is taken for it. */
function checkLength(length: number, header: JpegLsHeader, rows: number, end: number): void {
  if (length > MOST_BYTES) {
    const message = `a JPEG-LS scan of ${length} bytes is too long, ${MOST_BYTES} are the most`;
    throw new HounsfieldError("limit-exceeded", message, { got: length, accepted: MOST_BYTES });
  }
  if (rows * Math.ceil(header.columns / RUN_SAMPLES) > length * 8) {
    const message = `${rows} x ${header.columns} samples cannot come from ${length} bytes`;
    throw new HounsfieldError("truncated", message, { offset: end });
  }
}

function takeGradients(kernel: JpegLsKernel, header: JpegLsHeader): number {
  const { maxval, near, t1, t2, t3 } = header.coding;
  const tables = kernel.take(3 * (2 * maxval + 1));
  kernel.run.buildGradients(tables, maxval, near, t1, t2, t3);
  return tables + maxval;
}

/**
 * Decodes the `lines` lines of a restart interval whose first byte is at `offset` of the code stream. Returns the offset of what
 * ends it, a marker or the end of the bytes.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function decodeInterval(
  kernel: JpegLsKernel,
  source: LsSource,
  offset: number,
  lines: number,
): number {
  const { copy, top, bytes, header } = source;
  const shift = copy - header.scanOffset;
  const end = (kernel.run.unstuff(offset + shift, bytes.length + shift, top, kernel.bits) >>> 0) - shift;
  const limitBit = new DataView(kernel.bytes().buffer).getUint32(kernel.bits, true);
  const [above, current] = source.lines;
  const lineBytes = (header.columns + 2) * 2;
  kernel.bytes().fill(0, above - 2, above - 2 + lineBytes);
  writeScanFields(kernel, { limitBit, bit: 0, runIndex: 0, above, current });
  kernel.run.resetContexts(kernel.contexts, header.coding.range, header.coding.near);
  if (kernel.run.decodeLines(kernel.scan, lines) === 0) return end;
  throw scanError(source, readScanField(kernel, "bit"), limitBit, offset, end);
}

/** What stopped `decodeLines` at `bit` of the interval from `start` to `end`: the data ran out, or a code is not allowed. */
function scanError(
  source: LsSource,
  bit: number,
  limitBit: number,
  start: number,
  end: number,
): HounsfieldError {
  const { bytes, header } = source;
  const offset = streamOffset(bytes, start, end, Math.min(bit, limitBit));
  // Behind the data are zeros, which may make a code that is not allowed.
  if (bit + header.coding.limit <= limitBit) {
    return new HounsfieldError("decode-failed", "a JPEG-LS code that no sample can have", { offset });
  }
  const cut = end >= bytes.length - 1;
  const message = cut
    ? "the code stream ends before its last sample"
    : "a JPEG marker stands before the last sample that should precede it";
  return new HounsfieldError(cut ? "truncated" : "decode-failed", message, { offset });
}

/** Offset in the code stream of bit `bit` of the unstuffed bytes from `start` to `end`. */
function streamOffset(bytes: Uint8Array, start: number, end: number, bit: number): number {
  let offset = start;
  for (let passed = 0; offset < end; offset++) {
    passed += offset > start && bytes[offset - 1] === 0xff ? 7 : 8;
    if (passed > bit) break;
  }
  return offset;
}

/**
 * Passes the restart marker after the interval that ends at `end` and returns the offset of the next one. `index` counts restarts
 * from 0.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function passLsRestart(bytes: Uint8Array, end: number, index: number): number {
  const marker = nextMarker(bytes, end);
  if (marker.code === 0xd0 + (index & 7)) return marker.end;
  const got = marker.code.toString(16).toUpperCase().padStart(2, "0");
  const message = `restart marker RST${index & 7} expected, got FF${got}`;
  throw new HounsfieldError("decode-failed", message, { offset: marker.start });
}

export function takeLsValues(kernel: JpegLsKernel, source: LsSource): PackedValues {
  const { buffer } = kernel.bytes();
  const [low, high] = new Int32Array(buffer, kernel.range, 2);
  const count = source.frame.rows * source.output.pitch;
  return { values: new Uint16Array(buffer, source.values, count).slice(), low, high };
}
