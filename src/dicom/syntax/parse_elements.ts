import { ElementParseError } from "./element_error.js";
import {
  type DataElement,
  type ElementHeader,
  elementEnd,
  elementHeader,
  ITEM,
  ITEM_DELIMITER,
  ITEM_HEADER_BYTES,
  isKnownVr,
  itemEncoding,
  itemHeader,
  SEQUENCE_DELIMITER,
  tagAt,
} from "./elements.js";
import type { Encoding } from "./transfer_syntax.js";

/** A piece of a file, from an element's first byte on. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin in the file. */
  readonly offset: number;
  readonly encoding: Encoding;
  /** Accept elements with an invalid VR: some writers emit them in private sequences. */
  readonly isItem?: boolean;
}

/** How far one window of bytes could be walked. */
export interface WindowWalk {
  /** Behind the elements that are whole. */
  readonly consumed: number;
  /** The element at `consumed` is the one to stop at; its header may go beyond the window. */
  readonly ended?: boolean;
  /** The element at `consumed`, of known length, goes beyond the window. */
  readonly overrun?: Overrun;
}

export interface Overrun extends ElementHeader {
  /** Behind its value, counted as `valueAt`. */
  readonly end: number;
}

/**
 * Reads whole elements from a byte of `window` on into `elements`, up to the first for which `isEnd`.
 * @throws BrokenElement
 */
export function walkWindow(
  { bytes, offset, encoding, isItem }: Window,
  isEnd: (tag: number) => boolean,
  elements: Map<number, DataElement>,
  from = 0,
): WindowWalk {
  let at = from;
  while (at + ITEM_HEADER_BYTES <= bytes.length) {
    if (isEnd(tagAt(bytes, at, encoding.bigEndian))) return { consumed: at, ended: true };
    const header = elementHeader(bytes, at, encoding);
    if (!header) break;
    if (encoding.explicit && !isItem && !isKnownVr(header.vr!))
      throw new ElementParseError(at, "no-vr", header.tag);
    const end = elementEnd(bytes, header, encoding);
    if (end === undefined) break;
    if (end > bytes.length) return { consumed: at, overrun: { ...header, end } };
    elements.set(header.tag, dataElement(bytes, offset, header, end, encoding));
    at = end;
  }
  return { consumed: at };
}

/** @param end behind its value, in `bytes`; what lies beyond them is not in the value */
export function dataElement(
  bytes: Uint8Array,
  fileOffset: number,
  header: ElementHeader,
  end: number,
  encoding: Encoding,
): DataElement {
  const { tag, vr, length, valueAt } = header;
  const value = bytes.subarray(valueAt, end);
  return {
    tag,
    vr,
    offset: fileOffset + valueAt,
    length,
    value: encoding.bigEndian ? littleEndianValue(value, vr) : value,
    items: isSequence(value, header, encoding) ? itemEncoding(header, encoding) : undefined,
  };
}

/**
 * Without VRs, or of VR Unknown (PS3.5 6.2.2), it is a sequence if it looks like one: an item or the end of
 * items first.
 */
export function isSequence(
  value: Uint8Array,
  { vr, length }: ElementHeader,
  { bigEndian }: Encoding,
): boolean {
  if (vr !== undefined && vr !== "UN") return vr === "SQ";
  if (vr && length === -1) return true;
  if (value.length < 4) return false;
  const first = tagAt(value, 0, vr ? false : bigEndian);
  return first === ITEM || first === SEQUENCE_DELIMITER;
}

/**
 * The items of a sequence (PS3.5 7.5): the elements of each.
 * @throws BrokenElement
 */
export function itemElements(sequence: DataElement): readonly ReadonlyMap<number, DataElement>[] {
  const { value, offset, items: encoding, readItems } = sequence;
  if (readItems) return readItems;
  const items: ReadonlyMap<number, DataElement>[] = [];
  for (let at = 0; encoding && at < value.length; ) {
    const item = itemHeader(value, at, encoding);
    if (item.tag === SEQUENCE_DELIMITER) break;
    const end = item.length >= 0 ? item.valueAt + item.length : value.length;
    const elements = new Map<number, DataElement>();
    const window = { bytes: value.subarray(0, end), offset, encoding, isItem: true };
    const { consumed, ended } = walkWindow(window, isItemDelimiter, elements, item.valueAt);
    if (end > value.length || (!ended && consumed < end))
      throw new ElementParseError(at, "too-long", item.tag);
    at = item.length >= 0 ? end : consumed + ITEM_HEADER_BYTES;
    items.push(elements);
  }
  return items;
}

const isItemDelimiter = (tag: number) => tag === ITEM_DELIMITER;

const WORD_BYTES: Readonly<Record<string, number>> = {
  ...{ AT: 2, OW: 2, SS: 2, US: 2 },
  ...{ FL: 4, OF: 4, OL: 4, SL: 4, UL: 4 },
  ...{ FD: 8, OD: 8, OV: 8, SV: 8, UV: 8 },
};

/** A big-endian value with the bytes of its words turned round (PS3.5 7.3); a copy. */
function littleEndianValue(value: Uint8Array, vr = ""): Uint8Array {
  const size = WORD_BYTES[vr] ?? 1;
  if (size === 1 || value.length % size !== 0) return value;
  return value.map((_, i) => value[i - (i % size) + size - 1 - (i % size)]);
}
