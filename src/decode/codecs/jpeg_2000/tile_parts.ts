import { HounsfieldError } from "../../../core/errors.js";
import { type Codestream, endOfTileParts } from "./codestream.js";
import type { MarkerSegment } from "./coding.js";

/** A tile-part: its header's segments, and where its packets are. */
export interface TilePart {
  readonly tile: number;
  readonly segments: readonly MarkerSegment[];
  /** Packet headers kept apart from the packets, in PPT or PPM segments. */
  readonly headers: readonly Uint8Array[];
  readonly at: number;
  readonly end: number;
}

const SOD = 0xff93;
const PPM = 0xff60;
const PPT = 0xff61;
/** The least length of the segments that are read (T.800 A.6), by marker. */
const SHORTEST = new Map([
  [0xff52, 12],
  [0xff53, 9],
  [0xff5c, 4],
  [0xff5d, 5],
  [0xff5e, 5],
  [0xff5f, 9],
  [PPM, 3],
  [PPT, 3],
]);

/** The marker segments from `at` to `end`, or to SOD. */
export function readSegments(bytes: Uint8Array, at: number, end: number): MarkerSegment[] {
  const segments: MarkerSegment[] = [];
  for (let i = at; i + 4 <= end; ) {
    const [marker, length] = [u16(bytes, i), u16(bytes, i + 2)];
    if (marker === SOD) break;
    if (length < (SHORTEST.get(marker) ?? 2) || i + 2 + length > end) {
      throw failed(`a marker segment of ${length} bytes`, i);
    }
    segments.push({ marker, at: i + 4, end: i + 2 + length });
    i += 2 + length;
  }
  return segments;
}

/** The tile-parts in the order of the code stream (T.800 A.4.2). `packed`: the headers of each, by PPM. */
export function listTileParts(
  bytes: Uint8Array,
  codestream: Codestream,
  packed: readonly Uint8Array[] | undefined,
): TilePart[] {
  const last = endOfTileParts(bytes, codestream);
  const parts: TilePart[] = [];
  for (let at = codestream.tilesAt; at < last; ) {
    const length = u16(bytes, at + 6) * 65536 + u16(bytes, at + 8);
    const end = length > 0 ? at + length : last;
    const segments = readSegments(bytes, at + 12, end);
    const headers = packed ? packed.slice(parts.length, parts.length + 1) : ownHeaders(bytes, segments);
    if (packed && headers.length === 0) throw failed("PPM has no headers for a tile-part", at);
    const body = (segments.at(-1)?.end ?? at + 12) + 2;
    parts.push({ tile: u16(bytes, at + 4), segments, headers, at: body, end });
    at = end;
  }
  return parts;
}

/** Packet headers of the main header (PPM, T.800 A.7.4), by tile-part; undefined where there are none. */
export function packedHeaders(
  bytes: Uint8Array,
  segments: readonly MarkerSegment[],
): readonly Uint8Array[] | undefined {
  const pieces = byIndex(bytes, segments, PPM);
  if (pieces.length === 0) return undefined;
  // A tile-part's headers may go on from one segment to the next.
  const whole = pieces.flatMap((piece) => Array.from(piece));
  const headers: Uint8Array[] = [];
  for (let at = 0; at < whole.length; ) {
    const length = whole.slice(at, at + 4).reduce((sum, byte) => sum * 256 + byte, 0);
    if (at + 4 + length > whole.length) throw failed("PPM segments that end within a header", segments[0].at);
    headers.push(Uint8Array.from(whole.slice(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return headers;
}

function ownHeaders(bytes: Uint8Array, segments: readonly MarkerSegment[]): Uint8Array[] {
  return byIndex(bytes, segments, PPT);
}

/** What follows the index in the segments of a marker, in the order of the indices. */
function byIndex(bytes: Uint8Array, segments: readonly MarkerSegment[], marker: number): Uint8Array[] {
  return segments
    .filter((segment) => segment.marker === marker)
    .sort((a, b) => bytes[a.at] - bytes[b.at])
    .map(({ at, end }) => bytes.subarray(at + 1, end));
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at] * 256 + bytes[at + 1];
}

function failed(what: string, offset: number): HounsfieldError {
  return new HounsfieldError("decode-failed", `JPEG 2000: ${what}`, { offset });
}
