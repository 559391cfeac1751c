import { HounsfieldError } from "../../core/errors.js";
import { type Codec, type FrameDescription, type Rescale, rowPitch, type StoredValues } from "../frame.js";
import { checkHuRange, isIntegerRescale, toHu } from "../hu.js";
import { createDctState, type DctFrame, type DctScan, nextScan, passStart } from "../jpeg_dct_header.js";
import { compileJpegDct, instantiateJpegDct, type JpegDctKernel } from "../jpeg_dct_kernel.js";
import { createMissingBits, isComplete, noteScan } from "../jpeg_dct_progress.js";
import { reconstruct } from "../jpeg_dct_reconstruct.js";
import { type DctSource, decodeScan, openSource } from "../jpeg_dct_scan.js";
import { jpegError } from "../jpeg_dct_segments.js";
import { nextMarker } from "../jpeg_header.js";
import { checkFrame } from "../stored_bits.js";

/** Memory that is kept from one frame to the next; a frame that took more gives it back. */
const KEPT_BYTES = 64 * 2 ** 20;

/** What the last pass makes of the stored values: values are 16 bits, rows `pitch` values apart. */
export interface DctOutput extends Rescale {
  readonly pitch: number;
}

/** 16-bit values in their own buffer, and the range of the stored values behind them. */
export interface DctValues {
  readonly values: Uint16Array<ArrayBuffer>;
  readonly low: number;
  readonly high: number;
}

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
  if (scan.frame.progressive) {
    decodeScans(scan, source, (each) => {
      const end = decodeScan(kernel, source, each);
      return { end, next: endsAt(bytes, end) ? undefined : nextScan(bytes, end, state) };
    });
  } else {
    checkLineCount(bytes, decodeScan(kernel, source, scan), scan.frame, frame.rows);
  }
  return reconstruct(kernel, source, scan, frame, output);
}
