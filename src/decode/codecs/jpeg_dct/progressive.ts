import { jpegError } from "../jpeg/markers.js";
import type { DctScan } from "./header.js";

/** How many low bits of each of the 64 coefficients are still to come; 255: all. */
export type MissingBits = Uint8Array;

export function createMissingBits(): MissingBits {
  return new Uint8Array(64).fill(255);
}

/**
 * Notes that `scan` gives its coefficients their bits down to `low`. Each bit comes once, from the highest
 * on, and DC first (T.81 G.1.1.1), which also bounds the work that any number of scans can ask for.
 * @throws HounsfieldError `decode-failed` where the scan does not continue what the ones before it left
 */
export function noteScan(missing: MissingBits, scan: DctScan): void {
  const { first, last, high, low, marker } = scan;
  if (first > 0 && missing[0] === 255) {
    throw jpegError(
      "decode-failed",
      "a progressive scan of AC coefficients comes before the first of DC",
      marker,
    );
  }
  for (let k = first; k <= last; k++) {
    if (missing[k] !== (high === 0 ? 255 : high)) {
      const have = missing[k] === 255 ? "nothing" : `all but ${missing[k]} bits`;
      const message = `a progressive scan gives bits ${low} to ${high} of coefficient ${k}, of which ${have} came before`;
      throw jpegError("decode-failed", message, marker);
    }
  }
  missing.fill(low, first, last + 1);
}

export function isComplete(missing: MissingBits): boolean {
  return missing.every((bits) => bits === 0);
}
