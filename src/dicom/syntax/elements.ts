import { ElementParseError } from "./element_error.js";
import type { Encoding } from "./transfer_syntax.js";

/** One element of a data set: its value is at bytes [offset, offset + length) of the file. */
export interface DataElement {
  /** Group and element number as one: 0x00280010. */
  readonly tag: number;
  /** Undefined in implicit VR. */
  readonly vr?: string;
  readonly offset: number;
  /** As declared; -1 where it is undefined (PS3.5 7.1.1). */
  readonly length: number;
  /**
   * Numbers in it are little endian, whatever they are in the file. Empty where a long value was jumped over.
   */
  readonly value: Uint8Array;
  /** How the items are written, if it is a sequence; `itemsOf` reads them. */
  readonly items?: Encoding;
  /** The items themselves, where a lenient walk had to read them to find the end (lenient_walk.ts). */
  readonly readItems?: readonly ReadonlyMap<number, DataElement>[];
}

/** What comes before a value. */
export interface ElementHeader {
  readonly tag: number;
  readonly vr?: string;
  /** -1: undefined. */
  readonly length: number;
  /** Where the value begins in the bytes that were read. */
  readonly valueAt: number;
}

/** The longest header of an element: tag, VR, two reserved bytes, 32-bit length (PS3.5 7.1.2). */
export const ELEMENT_HEADER_BYTES = 12;
/** Without VR, or with one of the VRs that have a 16-bit length. */
const SHORT_HEADER_BYTES = 8;

export const ITEM = 0xfffee000;
export const ITEM_DELIMITER = 0xfffee00d;
export const SEQUENCE_DELIMITER = 0xfffee0dd;
/** Tag and length; no element has a shorter header. */
export const ITEM_HEADER_BYTES = 8;
const UNDEFINED_LENGTH = 0xffffffff;
/** Honest sequences are nested a few levels deep; this many would still fit any stack. */
const MAX_DEPTH = 256;

const LONG_VRS: ReadonlySet<string> = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));
const SHORT_VRS: ReadonlySet<string> = new Set(
  "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split(" "),
);

/** Whether its elements have two reserved bytes and a length of 32 bits in explicit VR (PS3.5 7.1.2). */
export function hasLongHeader(vr: string): boolean {
  return LONG_VRS.has(vr);
}

/** The value representations of PS3.5 table 6.2-1. */
export function isKnownVr(vr: string): boolean {
  return SHORT_VRS.has(vr) || LONG_VRS.has(vr);
}

/** The tag at a byte: 0x00280010. */
export function tagAt(bytes: Uint8Array, at: number, bigEndian = false): number {
  const group = bigEndian ? bytes[at] * 256 + bytes[at + 1] : bytes[at] + bytes[at + 1] * 256;
  const number = bigEndian ? bytes[at + 2] * 256 + bytes[at + 3] : bytes[at + 2] + bytes[at + 3] * 256;
  return group * 65536 + number;
}

/**
 * The header of the element at a byte (PS3.5 7.1.2, 7.1.3); undefined where `bytes` end within it. A VR that
 * is none is taken to have a 16-bit length, as other readers do; `isKnownVr` tells.
 */
export function elementHeader(bytes: Uint8Array, at: number, encoding: Encoding): ElementHeader | undefined {
  if (at + SHORT_HEADER_BYTES > bytes.length) return undefined;
  const { explicit, bigEndian } = encoding;
  const tag = tagAt(bytes, at, bigEndian);
  if (!explicit) return { tag, length: lengthAt(bytes, at + 4, bigEndian), valueAt: at + SHORT_HEADER_BYTES };
  const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
  if (!LONG_VRS.has(vr)) {
    const [low, high] = bigEndian ? [bytes[at + 7], bytes[at + 6]] : [bytes[at + 6], bytes[at + 7]];
    return { tag, vr, length: low + high * 256, valueAt: at + SHORT_HEADER_BYTES };
  }
  if (at + ELEMENT_HEADER_BYTES > bytes.length) return undefined;
  return { tag, vr, length: lengthAt(bytes, at + 8, bigEndian), valueAt: at + ELEMENT_HEADER_BYTES };
}

/** A 32-bit length; -1 where it is undefined. */
export function lengthAt(bytes: Uint8Array, at: number, bigEndian: boolean): number {
  const [high, low] = bigEndian ? [at, at + 2] : [at + 2, at];
  const [left, right] = bigEndian ? [256, 1] : [1, 256];
  const upper = bytes[high] * left + bytes[high + 1] * right;
  const length = upper * 65536 + bytes[low] * left + bytes[low + 1] * right;
  return length === UNDEFINED_LENGTH ? -1 : length;
}

/**
 * The byte behind an element, which may lie beyond `bytes` where its length is known; undefined where it is
 * not and `bytes` end before it does.
 * @throws BrokenElement
 */
export function elementEnd(bytes: Uint8Array, header: ElementHeader, encoding: Encoding, depth = 0) {
  if (header.length >= 0) return header.valueAt + header.length;
  if (depth > MAX_DEPTH) throw new ElementParseError(header.valueAt, "too-deep", header.tag);
  return itemsEnd(bytes, header.valueAt, itemEncoding(header, encoding), depth + 1);
}

/** What is in Unknown (UN) is in implicit VR little endian, whatever is around it (PS3.5 6.2.2). */
export function itemEncoding({ vr }: ElementHeader, encoding: Encoding): Encoding {
  return vr === "UN" ? { explicit: false, bigEndian: false } : encoding;
}

/**
 * Behind the delimiter that ends items of a sequence, or fragments, which are items of bytes
 * (PS3.5 7.5, A.4).
 */
function itemsEnd(bytes: Uint8Array, from: number, encoding: Encoding, depth: number): number | undefined {
  for (let at = from; at + ITEM_HEADER_BYTES <= bytes.length; ) {
    const item = itemHeader(bytes, at, encoding);
    if (item.tag === SEQUENCE_DELIMITER) return item.valueAt;
    const end = item.length >= 0 ? item.valueAt + item.length : itemEnd(bytes, item.valueAt, encoding, depth);
    if (end === undefined) return undefined;
    at = end;
  }
  return undefined;
}

/**
 * Header of an item or of the delimiter behind the last.
 * @throws BrokenElement for all else
 */
export function itemHeader(bytes: Uint8Array, at: number, { bigEndian }: Encoding): ElementHeader {
  const tag = at + ITEM_HEADER_BYTES <= bytes.length ? tagAt(bytes, at, bigEndian) : 0;
  if (tag !== ITEM && tag !== SEQUENCE_DELIMITER) throw new ElementParseError(at, "no-item", tag);
  return { tag, length: lengthAt(bytes, at + 4, bigEndian), valueAt: at + ITEM_HEADER_BYTES };
}

/** Behind the delimiter that ends an item of undefined length. */
function itemEnd(bytes: Uint8Array, from: number, encoding: Encoding, depth: number): number | undefined {
  for (let at = from; at + ITEM_HEADER_BYTES <= bytes.length; ) {
    if (tagAt(bytes, at, encoding.bigEndian) === ITEM_DELIMITER) return at + ITEM_HEADER_BYTES;
    const header = elementHeader(bytes, at, encoding);
    const end = header && elementEnd(bytes, header, encoding, depth);
    if (end === undefined) return undefined;
    at = end;
  }
  return undefined;
}
