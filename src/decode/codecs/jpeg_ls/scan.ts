import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import { copyOut } from "../common/frame_memory.js";
import type { PackedOutput, PackedValues } from "../common/packed_codec.js";
import { storedBits } from "../common/stored_bits.js";
import { nextMarker } from "../jpeg/markers.js";
import type { JpegLsHeader } from "./header.js";
import { type JpegLsKernel, readScan, writeScan } from "./kernel.js";
import type { JpegLsCoding } from "./parameters.js";

/** A frame that is being decoded: its bytes, and where they and the values lie in the kernel's memory. */
export interface LsSource {
  readonly bytes: Uint8Array;
  readonly header: JpegLsHeader;
  /** The bytes from the first scan on, and the top of their unstuffed, reversed copy. */
  readonly copy: number;
  readonly top: number;
  readonly values: number;
  readonly count: number;
  /** Where the values go in the end. */
  readonly memory?: ArrayBufferLike;
}

/** Bit positions below `top` are kept in 32 bits (wasm/codecs/jpeg_ls/bits.ts). */
const MOST_BYTES = 2 ** 27;
/**
 * Most bytes a sample can take (T.87: LIMIT is 64 for 16 bits): a line may read that far beyond the end
 * before it is checked.
 */
const SAMPLE_BYTES = 8;
/** A bit of run mode stands for at most 2^15 samples, and never for more than a line. */
const RUN_SAMPLES = 32768;

/** Copies the scan into the kernel's memory, reserves room for the values and tells the kernel what to do. */
export function openLsSource(
  kernel: JpegLsKernel,
  bytes: Uint8Array,
  header: JpegLsHeader,
  frame: FrameDescription,
  output: PackedOutput,
): LsSource {
  const length = bytes.length - header.scanOffset;
  checkLength(length, header, frame.rows, bytes.length);
  const copy = kernel.take(length);
  const slack = header.columns * SAMPLE_BYTES + 128;
  const top = kernel.take(length + slack) + length + slack;
  const count = frame.rows * output.pitch;
  const values = kernel.take(count * 2);
  kernel.bytes().set(bytes.subarray(header.scanOffset), copy);
  loadCoding(kernel, header.coding);
  const { right, mask, sign } = storedBits(frame, header.precision);
  const { pitch, slope, intercept } = output;
  writeScan(kernel, { columns: header.columns, out: values, pitch, right, mask, sign, slope, intercept });
  writeScan(kernel, { low: 2 ** 31 - 1, high: -(2 ** 31) });
  return { bytes, header, copy, top, values, count, memory: output.memory };
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

/**
 * Slices of a series mostly share one coding: the gradient tables are built only where it differs from the
 * last one.
 */
function loadCoding(kernel: JpegLsKernel, coding: JpegLsCoding): void {
  const same = (["maxval", "near", "t1", "t2", "t3"] as const).every(
    (name) => readScan(kernel, name) === coding[name],
  );
  writeScan(kernel, coding);
  if (!same) kernel.run.build_gradients();
}

/**
 * Decodes the `lines` lines of a restart interval whose first byte is at `offset` of the code stream. Returns
 * the offset of what ends it, a marker or the end of the bytes.
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
  const bits = new DataView(kernel.bytes().buffer).getUint32(kernel.bits, true);
  const first = top * 8 - 57;
  writeScan(kernel, { position: first, lastPosition: first - bits });
  if (kernel.run.decode_interval(lines) === 0) return end;
  throw scanError(source, first - (readScan(kernel, "position") >>> 0), bits, offset, end);
}

/**
 * What stopped `decodeLines` at `bit` of the interval from `start` to `end`: the data ran out, or a code is
 * not allowed.
 */
function scanError(source: LsSource, bit: number, bits: number, start: number, end: number): HounsfieldError {
  const { bytes, header } = source;
  const offset = streamOffset(bytes, start, end, Math.min(bit, bits));
  // Behind the data are zeros, which may make a code that is not allowed.
  if (bit + header.coding.limit <= bits) {
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
 * Passes the restart marker after the interval that ends at `end` and returns the offset of the next one.
 * `index` counts restarts from 0.
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
  const view = new Uint16Array(kernel.bytes().buffer, source.values, source.count);
  const values = copyOut(view, source.memory);
  return { values, low: readScan(kernel, "low"), high: readScan(kernel, "high") };
}
