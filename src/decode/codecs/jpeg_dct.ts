import { HounsfieldError } from "../../core/errors.js";
import { type Codec, type FrameDescription, type Rescale, rowPitch, type StoredValues } from "../frame.js";
import { checkHuRange, isIntegerRescale, toHu } from "../hu.js";
import {
  createDctState,
  type DctFrame,
  type DctScan,
  type DctState,
  nextScan,
  passStart,
} from "../jpeg_dct_header.js";
import { compileJpegDct, instantiateJpegDct, type JpegDctKernel } from "../jpeg_dct_kernel.js";
import { createMissingBits, isComplete, noteScan } from "../jpeg_dct_progress.js";
import { type DctOutput, type DctValues, reconstruct } from "../jpeg_dct_reconstruct.js";
import { type DctSource, decodeScan, openSource } from "../jpeg_dct_scan.js";
import { jpegError } from "../jpeg_dct_segments.js";
import { nextMarker } from "../jpeg_header.js";
import { checkFrame } from "../stored_bits.js";

/** Memory that is kept from one frame to the next; a frame that took more gives it back. */
const KEPT_BYTES = 64 * 2 ** 20;

/**
 * JPEG by discrete cosine transform, Huffman-coded, grey (ITU-T T.81 processes 1, 2, 4, 6, 8, 10, 12): baseline, extended and progressive, of 8
 * and 12 bits; transfer syntaxes 1.2.840.10008.1.2.4.50, .51, .53 and .55, each taking whichever of these the stream is.
 * The inverse transform is the ideal one of T.81 A.3.3 rounded to nearest; where it is not near one half, that is exact.
 * Errors: `decode-failed` and `truncated` with the byte offset in the code stream, `unsupported-image` for color.
 */
export async function createJpegDctCodec(): Promise<Codec> {
  const module = await compileJpegDct();
  let kernel = instantiateJpegDct(module);

  function decode(bytes: Uint8Array, frame: FrameDescription, output: DctOutput): DctValues {
    const mark = kernel.mark();
    try {
      return decodeFrame(kernel, bytes, frame, output);
    } finally {
      kernel.release(mark);
      if (kernel.bytes().length > KEPT_BYTES) kernel = instantiateJpegDct(module);
    }
  }

  function decodeStored(bytes: Uint8Array, frame: FrameDescription): StoredValues {
    const { values } = decode(bytes, frame, { slope: 1, intercept: 0, pitch: frame.columns });
    return toContainer(values, frame);
  }

  function decodeHu(bytes: Uint8Array, frame: FrameDescription, rescale: Rescale): Int16Array {
    if (!isIntegerRescale(rescale)) return toHu(decodeStored(bytes, frame), frame, rescale);
    const { values, low, high } = decode(bytes, frame, { ...rescale, pitch: rowPitch(frame.columns) });
    checkHuRange(low, high, rescale);
    return new Int16Array(values.buffer);
  }

  return { decode: decodeStored, decodeHu };
}

function toContainer(values: Uint16Array<ArrayBuffer>, frame: FrameDescription): StoredValues {
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? new Int8Array(values) : new Uint8Array(values);
  return signed ? new Int16Array(values.buffer) : values;
}

function decodeFrame(
  kernel: JpegDctKernel,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: DctOutput,
): DctValues {
  checkFrame(frame);
  const state = createDctState();
  const scan = nextScan(bytes, passStart(bytes), state);
  if (!scan) throw jpegError("decode-failed", "the code stream has no scan", 0);
  checkAgreement(scan.frame, frame);
  const blockCount = Math.ceil(frame.rows / 8) * Math.ceil(frame.columns / 8);
  const source = openSource(kernel, bytes, scan, blockCount);
  if (scan.frame.progressive) decodeProgressive(kernel, source, scan, state, frame.rows);
  else decodeFirst(kernel, source, scan, frame.rows);
  return reconstruct(kernel, source, scan, frame, output);
}

/** Decodes the first scan of a frame, the only one of a sequential frame; returns the offset of what follows. */
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

function checkAgreement(coded: DctFrame, frame: FrameDescription): void {
  const rows = coded.rows || frame.rows;
  if (rows !== frame.rows || coded.columns !== frame.columns) {
    const message = `the code stream is ${rows} x ${coded.columns}, the header says ${frame.rows} x ${frame.columns}`;
    const [got, accepted] = [
      [rows, coded.columns],
      [frame.rows, frame.columns],
    ];
    throw new HounsfieldError("decode-failed", message, { offset: 0, got, accepted });
  }
  if (coded.precision > frame.bitsAllocated) {
    const message = `the code stream has ${coded.precision} bits a sample, the header allocates ${frame.bitsAllocated}`;
    const fields = { offset: 0, got: coded.precision, accepted: frame.bitsAllocated };
    throw new HounsfieldError("decode-failed", message, fields);
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
