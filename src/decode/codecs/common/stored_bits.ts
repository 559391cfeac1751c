import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import type { StoredValues } from "./codec.js";

/**
 * Where the stored value is within a sample, and how it is signed: value = ((sample >>> right) & mask ^ sign)
 * - sign.
 */
export interface StoredBits {
  readonly right: number;
  readonly mask: number;
  readonly sign: number;
}

/**
 * Checks what every codec relies on: gray, 8 or 16 bits allocated (or what else the codec takes), BitsStored
 * and HighBit within them (PS3.5 section 8.1.1).
 * @throws HounsfieldError `unsupported-image` or `malformed-dicom`, naming the tag
 */
export function checkFrame(frame: FrameDescription, allocations: readonly number[] = [8, 16]): void {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = frame;
  if (samplesPerPixel !== 1) {
    const message = `${samplesPerPixel} samples per pixel: color images are not supported`;
    throw new HounsfieldError("unsupported-image", message, {
      tag: "(0028,0002)",
      got: samplesPerPixel,
      accepted: 1,
    });
  }
  requireRange("Rows", "(0028,0010)", rows, 1, 65535);
  requireRange("Columns", "(0028,0011)", columns, 1, 65535);
  if (!allocations.includes(bitsAllocated)) {
    const message = `BitsAllocated ${bitsAllocated} is not supported here, ${allocations.join(", ")} are`;
    throw new HounsfieldError("unsupported-image", message, {
      tag: "(0028,0100)",
      got: bitsAllocated,
      accepted: allocations,
    });
  }
  requireRange("BitsStored", "(0028,0101)", bitsStored, 1, bitsAllocated);
  requireRange("HighBit", "(0028,0102)", highBit, bitsStored - 1, bitsAllocated - 1);
}

function requireRange(keyword: string, tag: string, got: number, least: number, most: number): void {
  if (Number.isInteger(got) && got >= least && got <= most) return;
  const message = `${keyword} ${got} is not an integer from ${least} to ${most}`;
  throw new HounsfieldError("malformed-dicom", message, { tag, got, accepted: [least, most] });
}

/**
 * The bits of the stored values in samples of `sampleBits` bits. A code stream with fewer bits than the
 * header's BitsStored holds the sign, if any, in its own highest bit.
 */
export function storedBits(frame: FrameDescription, sampleBits: number): StoredBits {
  const right = sampleBits > frame.highBit ? frame.highBit + 1 - frame.bitsStored : 0;
  const bits = Math.min(frame.bitsStored, sampleBits);
  return { right, mask: 2 ** bits - 1, sign: frame.pixelRepresentation === 1 ? 2 ** (bits - 1) : 0 };
}

/** Zeroed stored values for a frame, of the container that BitsAllocated and PixelRepresentation give. */
export function createStoredValues(frame: FrameDescription): StoredValues {
  const count = frame.rows * frame.columns;
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? new Int8Array(count) : new Uint8Array(count);
  if (frame.bitsAllocated === 16) return signed ? new Int16Array(count) : new Uint16Array(count);
  return signed ? new Int32Array(count) : new Uint32Array(count);
}
