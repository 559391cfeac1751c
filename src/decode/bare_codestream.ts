import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { FrameDescription } from "../core/frame.js";
import { type Codestream, readCodestream } from "./codecs/jpeg_2000/codestream.js";

/**
 * Whether a file is a JPEG 2000 or HTJ2K code stream without DICOM around it: SOC, then SIZ (T.800 A.4.1).
 */
export function isBareCodestream(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0x4f && head[2] === 0xff && head[3] === 0x51;
}

/**
 * What a header would say of a bare code stream, by the stream itself; its lossless transfer syntax stands
 * for all of its kind.
 * @throws HounsfieldError `truncated`, `decode-failed`, `unsupported-image` for color
 */
export function describeBareCodestream(bytes: Uint8Array, file: string): FrameDescription {
  const { rows, columns, precision, signed, highThroughput } = readNamed(bytes, file);
  return {
    transferSyntax: highThroughput ? "1.2.840.10008.1.2.4.201" : "1.2.840.10008.1.2.4.90",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: signed ? 1 : 0,
  };
}

function readNamed(bytes: Uint8Array, file: string): Codestream {
  try {
    return readCodestream(bytes);
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    throw new HounsfieldError(
      error.code,
      `${file}: ${error.message}`,
      { ...error.fields, file },
      error.cause,
    );
  }
}
