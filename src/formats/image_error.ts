import { HounsfieldError } from "../core/errors.js";

/** What a file's header may ask for; a typed array of more voxels cannot be made anyway. */
const MOST_VOXELS = 2 ** 36;

/** More a file does not have that somebody looks at: each is a header in memory. */
const MOST_SLICES = 2 ** 18;

export function malformedImage(format: string, what: string, got?: unknown): HounsfieldError {
  return new HounsfieldError("malformed-image", `${format}: ${oneLine(what)}`, { got });
}

export function unsupportedImage(format: string, what: string, got?: unknown): HounsfieldError {
  return new HounsfieldError("unsupported-image", `${format}: ${oneLine(what)}`, { got });
}

/** What a message may quote of a file, whatever that holds: short, in one line. */
export function oneLine(text: string): string {
  const short = text.length > 240 ? `${text.slice(0, 240)}...` : text;
  return short.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/**
 * Sizes of axes as a header has them, each a whole number of 1 or more and all together a possible amount.
 */
export function checkSizes(format: string, sizes: readonly number[]): void {
  const isWhole = sizes.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (isWhole && sizes.reduce((product, n) => product * n, 1) <= MOST_VOXELS) return;
  throw malformedImage(format, `its axes have ${sizes.join(" x ")} voxels`, sizes);
}

/** Of all volumes together. @throws HounsfieldError `unsupported-image` */
export function checkSlices(format: string, slices: number): void {
  if (slices <= MOST_SLICES) return;
  throw unsupportedImage(format, `it has ${slices} slices; at most ${MOST_SLICES} are read`, slices);
}

/** The part of `bytes` that holds the voxels. @throws HounsfieldError `truncated` */
export function voxelBytes(format: string, bytes: Uint8Array, from: number, length: number): Uint8Array {
  const got = Math.max(0, bytes.length - from);
  if (got >= length) return bytes.subarray(from, from + length);
  const message = `${format}: ${got} bytes of voxels; the header declares ${length}`;
  throw new HounsfieldError("truncated", message, { offset: bytes.length, got, accepted: length });
}
