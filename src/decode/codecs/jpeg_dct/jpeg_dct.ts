import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import { clippingLossy } from "../common/clip_lossy.js";
import type { Codec } from "../common/codec.js";
import { checkCodedSize } from "../common/coded_size.js";
import { createPackedCodec, type PackedOutput, type PackedValues } from "../common/packed_codec.js";
import { checkFrame } from "../common/stored_bits.js";
import { jpegError, nextMarker } from "../jpeg/markers.js";
import { createDctState, type DctScan, type DctState, nextScan, passStart } from "./header.js";
import { compileJpegDct, instantiateJpegDct, type JpegDctKernel } from "./kernel.js";
import { createMissingBits, isComplete, noteScan } from "./progressive.js";
import { reconstruct } from "./reconstruct.js";
import { type DctSource, decodeScan, openSource } from "./scan.js";

/**
 * JPEG by discrete cosine transform, Huffman-coded, gray (ITU-T T.81 processes 1, 2, 4, 6, 8, 10, 12):
 * baseline, extended and progressive, of 8 and 12 bits; transfer syntaxes 1.2.840.10008.1.2.4.50, .51, .53
 * and .55, each taking whichever of these the stream is. Samples are those of the ideal inverse transform
 * (T.81 A.3.3), rounded to nearest: other decoders, of integer arithmetic, differ by 1. Errors:
 * `decode-failed` and `truncated` with the byte offset in the code stream, `unsupported-image` for color.
 */
export async function createJpegDctCodec(): Promise<Codec> {
  const module = await compileJpegDct();
  return clippingLossy(
    createPackedCodec(() => instantiateJpegDct(module), decodeFrame),
    (bytes) => nextScan(bytes, passStart(bytes), createDctState())?.frame.precision,
  );
}

function decodeFrame(
  kernel: JpegDctKernel,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  checkFrame(frame);
  const state = createDctState();
  const scan = nextScan(bytes, passStart(bytes), state);
  if (!scan) throw jpegError("decode-failed", "the code stream has no scan", 0);
  // A frame header without lines leaves them to a DNL marker, which is met behind the first scan.
  checkCodedSize({ ...scan.frame, rows: scan.frame.rows || frame.rows }, frame, 0);
  const blockCount = Math.ceil(frame.rows / 8) * Math.ceil(frame.columns / 8);
  const source = openSource(kernel, bytes, scan, blockCount);
  if (scan.frame.progressive) decodeProgressive(kernel, source, scan, state, frame.rows);
  else decodeFirst(kernel, source, scan, frame.rows);
  return reconstruct(kernel, source, scan, frame, output);
}

/**
 * Decodes the first scan of a frame, the only one of a sequential frame; returns the offset of what follows.
 */
function decodeFirst(kernel: JpegDctKernel, source: DctSource, scan: DctScan, rows: number): number {
  const end = decodeScan(kernel, source, scan);
  if (scan.frame.rows === 0) checkLineCount(source.bytes, end, rows);
  return end;
}

/** Decodes scans until all bits of all coefficients have come; an EOI marker may end the image before. */
function decodeProgressive(
  kernel: JpegDctKernel,
  source: DctSource,
  firstScan: DctScan,
  state: DctState,
  rows: number,
): void {
  const missing = createMissingBits();
  noteScan(missing, firstScan);
  let end = decodeFirst(kernel, source, firstScan, rows);
  while (!isComplete(missing)) {
    const scan = nextScan(source.bytes, end, state);
    if (!scan) return;
    noteScan(missing, scan);
    end = decodeScan(kernel, source, scan);
  }
}

/** A frame header with 0 lines leaves their number to a DNL marker after the first scan (T.81 B.2.5). */
function checkLineCount(bytes: Uint8Array, offset: number, rows: number): void {
  const marker = nextMarker(bytes, offset);
  const at = marker.end + 2;
  const got = marker.code === 0xdc && at + 2 <= bytes.length ? (bytes[at] << 8) | bytes[at + 1] : 0;
  if (got === rows) return;
  const message = `the frame header has no line count, and no DNL marker with ${rows} lines follows the scan`;
  throw new HounsfieldError("decode-failed", message, { offset: marker.start, got, accepted: rows });
}
