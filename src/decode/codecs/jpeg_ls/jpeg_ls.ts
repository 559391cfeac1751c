import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import { clippingLossy } from "../common/clip_lossy.js";
import type { Codec } from "../common/codec.js";
import { checkCodedSize } from "../common/coded_size.js";
import { createPackedCodec, type PackedOutput, type PackedValues } from "../common/packed_codec.js";
import { checkFrame } from "../common/stored_bits.js";
import { parseJpegLsHeader, readLineCount } from "./header.js";
import { compileJpegLs, instantiateJpegLs, type JpegLsKernel } from "./kernel.js";
import { decodeInterval, openLsSource, passLsRestart, takeLsValues } from "./scan.js";

/**
 * JPEG-LS, lossless and near-lossless (ITU-T T.87, ISO 14495-1): transfer syntaxes 1.2.840.10008.1.2.4.80 and
 * .81, gray, 2 to 16 bits, with preset parameters and restart intervals. Its values are exactly specified,
 * near-lossless ones too. Errors: `decode-failed` and `truncated` with the byte offset in the code stream;
 * `unsupported-image` for color, mapping tables and point transforms.
 */
export async function createJpegLsCodec(): Promise<Codec> {
  const module = await compileJpegLs();
  return clippingLossy(
    createPackedCodec(() => instantiateJpegLs(module), decodeFrame),
    lossyPrecision,
  );
}

function lossyPrecision(bytes: Uint8Array): number | undefined {
  const { precision, coding } = parseJpegLsHeader(bytes);
  return coding.near > 0 ? precision : undefined;
}

function decodeFrame(
  kernel: JpegLsKernel,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  checkFrame(frame);
  const header = parseJpegLsHeader(bytes);
  // A frame header without lines leaves them to a DNL marker behind the scan.
  checkCodedSize({ ...header, rows: header.rows || frame.rows }, frame, 0);
  const source = openLsSource(kernel, bytes, header, frame, output);
  const intervalLines = header.restartLines || frame.rows;
  let end = header.scanOffset;
  for (let line = 0, index = 0; line < frame.rows; line += intervalLines, index++) {
    const offset = index === 0 ? end : passLsRestart(bytes, end, index - 1);
    end = decodeInterval(kernel, source, offset, Math.min(intervalLines, frame.rows - line));
  }
  if (header.rows === 0) checkLineCount(bytes, end, frame.rows);
  return takeLsValues(kernel, source);
}

/**
 * A frame header with 0 lines leaves their number to a DNL marker after the scan (T.81 B.2.5, as T.87 C.1
 * keeps it).
 */
function checkLineCount(bytes: Uint8Array, offset: number, rows: number): void {
  const got = readLineCount(bytes, offset);
  if (got === rows) return;
  const message = `the frame header has no line count, and no DNL marker with ${rows} lines follows the scan`;
  throw new HounsfieldError("decode-failed", message, { offset, got, accepted: rows });
}
