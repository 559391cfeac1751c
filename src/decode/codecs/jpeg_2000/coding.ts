import { HounsfieldError } from "../../../core/errors.js";

/** One progression of a POC segment (T.800 A.6.6). */
export interface ProgressionChange {
  readonly progression: number;
  readonly layers: number;
  readonly firstResolution: number;
  readonly endResolution: number;
}

/** How a tile's one component is coded: COD and COC, QCD and QCC, RGN, POC (T.800 A.6). */
export interface Coding {
  readonly progression: number;
  readonly layers: number;
  readonly levels: number;
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Bits of tables A.19 and, of Part 15, A.4: bypass 1, reset 2, termination 4, ... high throughput 64. */
  readonly style: number;
  readonly reversible: boolean;
  /** In samples of the resolution, from the lowest one. */
  readonly precincts: readonly { readonly width: number; readonly height: number }[];
  /** 0 none (exponents), 1 derived, 2 each band its own step. */
  readonly quantization: number;
  readonly guardBits: number;
  /** As they stand in the segment: exponents in 8 bits, or exponent and mantissa in 16. */
  readonly steps: readonly number[];
  /** Bits by which a region of interest is shifted up. */
  readonly regionShift: number;
  readonly changes: readonly ProgressionChange[];
}

export interface MarkerSegment {
  readonly marker: number;
  /** Of the first byte behind the length. */
  readonly at: number;
  readonly end: number;
}

type Read = (bytes: Uint8Array, segment: MarkerSegment) => Partial<Coding>;

/** Component segments win over those of all components, wherever in a header they stand. */
const READERS: readonly (readonly [number, Read])[] = [
  [0xff52, readDefault],
  [0xff53, (bytes, segment) => (bytes[segment.at] === 0 ? readComponent(bytes, segment) : {})],
  [0xff5c, (bytes, segment) => readQuantization(bytes, segment, segment.at)],
  [0xff5d, (bytes, s) => (bytes[s.at] === 0 ? readQuantization(bytes, s, s.at + 1) : {})],
  [0xff5e, (bytes, segment) => (bytes[segment.at] === 0 ? { regionShift: bytes[segment.at + 2] } : {})],
];
const POC = 0xff5f;
/** Each is a walk over all precincts. */
const MAX_CHANGES = 256;

/**
 * What the segments of a header change of `coding`; a later header is of a tile, and wins over the main one.
 * @throws HounsfieldError `decode-failed` for values outside T.800's
 */
export function readCoding(
  bytes: Uint8Array,
  segments: readonly MarkerSegment[],
  coding: Partial<Coding>,
): Partial<Coding> {
  let read = coding;
  for (const [marker, reader] of READERS) {
    for (const segment of segments) {
      if (segment.marker === marker) read = { ...read, ...reader(bytes, segment) };
    }
  }
  const changes = segments.filter((s) => s.marker === POC).flatMap((s) => readChanges(bytes, s));
  return changes.length > 0 ? { ...read, changes } : read;
}

/** @throws HounsfieldError `decode-failed` where something is lacking that bands need */
export function checkCoding(read: Partial<Coding>, offset: number): Coding {
  const { progression, steps, levels = 0, quantization, changes = [] } = read;
  if (progression === undefined || steps === undefined) {
    throw failed("a tile has no COD or no QCD segment", offset);
  }
  if (changes.length > MAX_CHANGES) throw failed(`${changes.length} progressions`, offset);
  if (steps.length < (quantization === 1 ? 1 : 3 * levels + 1)) {
    throw failed(`${steps.length} quantization steps for ${levels} levels`, offset);
  }
  return { regionShift: 0, ...read, changes } as Coding;
}

function readDefault(bytes: Uint8Array, { at, end }: MarkerSegment): Partial<Coding> {
  const layers = bytes[at + 2] * 256 + bytes[at + 3];
  const progression = bytes[at + 1];
  if (progression > 4) throw failed(`progression ${progression}`, at + 1);
  if (layers === 0) throw failed("no layers", at + 2);
  return { progression, layers, ...readBlocks(bytes, at + 5, end, (bytes[at] & 1) !== 0) };
}

function readComponent(bytes: Uint8Array, { at, end }: MarkerSegment): Partial<Coding> {
  return readBlocks(bytes, at + 2, end, (bytes[at + 1] & 1) !== 0);
}

/** The part that COD and COC have alike (T.800 table A.15). */
function readBlocks(bytes: Uint8Array, at: number, end: number, ownPrecincts: boolean): Partial<Coding> {
  const levels = bytes[at];
  if (at + 5 + (ownPrecincts ? levels + 1 : 0) > end) throw failed("a COD or COC segment is too short", at);
  const [width, height] = [bytes[at + 1] + 2, bytes[at + 2] + 2];
  if (levels > 32) throw failed(`${levels} decomposition levels`, at);
  if (width > 10 || height > 10 || width + height > 12) {
    throw failed(`code-blocks of 2^${width} x 2^${height}`, at + 1);
  }
  const precincts = Array.from({ length: levels + 1 }, (_, r) => {
    const size = ownPrecincts ? bytes[at + 5 + r] : 0xff;
    if (r > 0 && ((size & 15) === 0 || size >> 4 === 0)) throw failed("precincts of 1 sample", at + 5 + r);
    return { width: 2 ** (size & 15), height: 2 ** (size >> 4) };
  });
  const [blockWidth, blockHeight] = [2 ** width, 2 ** height];
  return {
    levels,
    blockWidth,
    blockHeight,
    style: bytes[at + 3],
    reversible: bytes[at + 4] === 1,
    precincts,
  };
}

function readQuantization(bytes: Uint8Array, { end }: MarkerSegment, at: number): Partial<Coding> {
  const quantization = bytes[at] & 31;
  if (quantization > 2) throw failed(`quantization style ${quantization}`, at);
  const steps: number[] = [];
  for (let i = at + 1; i + (quantization === 0 ? 1 : 2) <= end; i += quantization === 0 ? 1 : 2) {
    steps.push(quantization === 0 ? bytes[i] : bytes[i] * 256 + bytes[i + 1]);
  }
  return { quantization, guardBits: bytes[at] >> 5, steps };
}

function readChanges(bytes: Uint8Array, { at, end }: MarkerSegment): ProgressionChange[] {
  const changes: ProgressionChange[] = [];
  for (let i = at; i + 7 <= end; i += 7) {
    const progression = bytes[i + 6];
    if (progression > 4) throw failed(`progression ${progression}`, i + 6);
    const layers = bytes[i + 2] * 256 + bytes[i + 3];
    // Of component 0, the one there is.
    if (bytes[i + 1] > 0) continue;
    changes.push({ progression, layers, firstResolution: bytes[i], endResolution: bytes[i + 4] });
  }
  return changes;
}

function failed(what: string, offset: number): HounsfieldError {
  return new HounsfieldError("decode-failed", `JPEG 2000: ${what}`, { offset });
}
