import { HounsfieldError } from "../../../core/errors.js";

export interface Marker {
  readonly code: number;
  /** Offset of its FF, fill bytes left aside. */
  readonly start: number;
  readonly end: number;
}

/** The marker at `offset`; any number of FF may fill the space before it (T.81 B.1.1.2). */
export function nextMarker(bytes: Uint8Array, offset: number): Marker {
  let at = offset;
  if (at < bytes.length && bytes[at] !== 0xff) {
    throw jpegError("decode-failed", `JPEG marker expected, got byte ${markerName(bytes[at])}`, at);
  }
  while (at < bytes.length && bytes[at] === 0xff) at++;
  if (at >= bytes.length)
    throw jpegError("truncated", "the JPEG code stream ends where a marker should be", bytes.length);
  if (bytes[at] === 0) throw jpegError("decode-failed", "JPEG marker expected, got FF 00", at);
  return { code: bytes[at], start: at - 1, end: at + 1 };
}

/** The parameters of a marker segment, without the two bytes of its length. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly marker: Marker;
}

/** @throws HounsfieldError `truncated`, `decode-failed` */
export function segmentAfter(bytes: Uint8Array, marker: Marker): Segment {
  const offset = marker.end;
  const name = markerName(marker.code);
  if (offset + 2 > bytes.length) {
    throw jpegError("truncated", `JPEG marker ${name} lacks its length`, offset);
  }
  const length = (bytes[offset] << 8) | bytes[offset + 1];
  if (length < 2) throw jpegError("decode-failed", `JPEG marker ${name} has length ${length}`, offset);
  const end = offset + length;
  if (end > bytes.length) {
    const left = bytes.length - offset;
    throw jpegError(
      "truncated",
      `JPEG marker ${name} declares ${length} bytes, ${left} are left`,
      bytes.length,
    );
  }
  return { bytes: bytes.subarray(offset + 2, end), start: offset + 2, end, marker };
}

export function requireLength(segment: Segment, least: number): void {
  const got = segment.bytes.length;
  if (got < least) throw segmentError(segment, `${got} bytes of parameters, at least ${least} needed`);
}

export function segmentError(segment: Segment, what: string): HounsfieldError {
  const { code, start } = segment.marker;
  return jpegError("decode-failed", `JPEG marker ${markerName(code)}: ${what}`, start);
}

export function jpegError(
  code: "decode-failed" | "truncated",
  message: string,
  offset: number,
): HounsfieldError {
  return new HounsfieldError(code, message, { offset });
}

/** "FFC4" for 0xc4. */
export function markerName(code: number): string {
  return `FF${code.toString(16).padStart(2, "0").toUpperCase()}`;
}

/**
 * Passes the restart marker after the segment that ends at `end` and returns the offset of the next segment.
 * `index` counts restarts from 0.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function passRestart(bytes: Uint8Array, end: number, index: number): number {
  const marker = nextMarker(bytes, end);
  const expected = 0xd0 + (index & 7);
  if (marker.code === expected) return marker.end;
  const message = `restart marker RST${index & 7} expected, got ${markerName(marker.code)}`;
  throw jpegError("decode-failed", message, marker.start);
}
