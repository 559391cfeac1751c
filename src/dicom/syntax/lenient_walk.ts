// Over 300 lines: one walk over the elements, each tolerance a short function of it, and all on its state.
import {
  type DataElement,
  ELEMENT_HEADER_BYTES,
  type ElementHeader,
  elementHeader,
  ITEM,
  ITEM_DELIMITER,
  ITEM_HEADER_BYTES,
  isKnownVr,
  itemEncoding,
  lengthAt,
  SEQUENCE_DELIMITER,
  tagAt,
} from "./elements.js";
import type { LenientNote } from "./lenient_notes.js";
import { dataElement } from "./parse_elements.js";
import type { Encoding } from "./transfer_syntax.js";

// A second walk over a data set that the plain one (parse_elements.ts) refused: where lengths and what
// follows them leave one reading only, it goes on and notes what was odd. It never makes up bytes: what goes
// beyond its container or the file ends it. Over 300 lines: one grammar, whose rules call each other.

/** The bytes end inside an element, but the file goes on. */
export class MoreBytesNeeded extends Error {}

export interface LenientWindow {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin in the file. */
  readonly offset: number;
  /** `bytes` go on to the end of the file. */
  readonly isWhole: boolean;
  readonly encoding: Encoding;
  readonly isEnd: (tag: number) => boolean;
  readonly notes: Set<LenientNote>;
}

export interface LenientWalk {
  readonly elements: Map<number, DataElement>;
  /** Where it ended: at the element to stop at, behind the last element, or where no element begins. */
  readonly at: number;
  /** At the element for which `isEnd`. */
  readonly ended: boolean;
  /** The element at `at` goes beyond the file, or beyond the item that it is in, to byte `end` of `bytes`. */
  readonly cut?: { readonly tag: number; readonly end: number };
}

/** Honest sequences are nested a few levels deep. */
const MAX_DEPTH = 64;
const IMPLICIT: Encoding = { explicit: false, bigEndian: false };

/**
 * Walks elements from the start of the window, sequences with all that is in them.
 * @throws MoreBytesNeeded where the window has to be larger
 */
export function walkLeniently(window: LenientWindow): LenientWalk {
  const { at, elements, cut, isStopped } = walkElements(
    window,
    0,
    window.bytes.length,
    window.encoding,
    false,
    0,
  );
  return { elements, at, cut, ended: isStopped === "end" };
}

interface Walked {
  readonly elements: Map<number, DataElement>;
  readonly at: number;
  readonly isStopped?: "end" | "broken";
  readonly cut?: LenientWalk["cut"];
}

/**
 * The elements of a data set or, where `isOpen`, of an item of undefined length, whose delimiter is taken
 * too.
 */
function walkElements(
  window: LenientWindow,
  from: number,
  limit: number,
  encoding: Encoding,
  isOpen: boolean,
  depth: number,
): Walked {
  const { bytes, offset, notes } = window;
  const elements = new Map<number, DataElement>();
  let last: { items: ReadonlyMap<number, DataElement>[] } | undefined;
  for (let at = from; ; ) {
    if (at + ITEM_HEADER_BYTES > limit) {
      needBytes(window, limit);
      return { elements, at };
    }
    const tag = tagAt(bytes, at, encoding.bigEndian);
    if (depth === 0 && window.isEnd(tag)) return { elements, at, isStopped: "end" };
    if (tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER) {
      if (isOpen && tag === ITEM_DELIMITER) return { elements, at: at + ITEM_HEADER_BYTES };
      notes.add("delimiter");
      // The end of the sequence ends its item too.
      if (isOpen) return { elements, at };
      at += ITEM_HEADER_BYTES;
      continue;
    }
    if (tag === ITEM) {
      notes.add("delimiter");
      if (isOpen) return { elements, at };
      // The length of the sequence before was an item short.
      const more = last && walkItem(window, at, limit, encoding, depth);
      if (!more || more.isStopped) return { elements, at, isStopped: "broken" };
      last?.items.push(more.elements);
      at = more.at;
      continue;
    }
    const header = lenientHeader(window, at, limit, encoding, tag);
    if (!header) return { elements, at, isStopped: "broken" };
    const declared = header.length >= 0 ? header.valueAt + header.length : undefined;
    if (declared !== undefined && declared > limit) {
      needBytes(window, limit);
      return { elements, at, isStopped: "broken", cut: { tag, end: declared } };
    }
    if (!mayHaveItems(window, header, encoding, declared)) {
      elements.set(tag, dataElement(bytes, offset, header, declared!, encoding));
      at = declared!;
      continue;
    }
    const inside = itemEncoding(header, encoding);
    const sequence = walkItems(window, header.valueAt, declared, limit, inside, depth + 1);
    if (sequence.isStopped && declared === undefined)
      return { elements, at, isStopped: sequence.isStopped, cut: sequence.cut };
    const end = declared ?? sequence.at;
    const { items } = sequence;
    // What cannot be read of a sequence whose end is known is left to whoever asks for it.
    const read = sequence.isStopped ? {} : { readItems: items };
    elements.set(tag, { ...dataElement(bytes, offset, header, end, encoding), items: inside, ...read });
    last = { items };
    at = end;
  }
}

function mayHaveItems(
  { bytes }: LenientWindow,
  { vr, length, valueAt }: ElementHeader,
  { bigEndian }: Encoding,
  end: number | undefined,
): boolean {
  if (length === -1 || vr === "SQ") return true;
  if (vr !== undefined && vr !== "UN" && isKnownVr(vr)) return false;
  return end! - valueAt >= ITEM_HEADER_BYTES && tagAt(bytes, valueAt, vr ? false : bigEndian) === ITEM;
}

/** Items up to their delimiter, or to `end` where the length is known. */
function walkItems(
  window: LenientWindow,
  from: number,
  end: number | undefined,
  outer: number,
  encoding: Encoding,
  depth: number,
): Omit<Walked, "elements"> & { items: ReadonlyMap<number, DataElement>[] } {
  const items: ReadonlyMap<number, DataElement>[] = [];
  const limit = end ?? outer;
  if (depth > MAX_DEPTH) return { items, at: from, isStopped: "broken" };
  for (let at = from; ; ) {
    if (at + ITEM_HEADER_BYTES > limit) {
      if (end === undefined) needBytes(window, limit);
      const isLeft = at < limit || end === undefined;
      if (isLeft) window.notes.add("delimiter");
      return { items, at: limit, ...(end === undefined && { isStopped: "broken" }) };
    }
    const tag = tagAt(window.bytes, at, encoding.bigEndian);
    if (tag === SEQUENCE_DELIMITER) return { items, at: at + ITEM_HEADER_BYTES };
    if (tag === ITEM_DELIMITER) {
      window.notes.add("delimiter");
      at += ITEM_HEADER_BYTES;
      continue;
    }
    if (tag !== ITEM) {
      // No delimiter, and the next element follows.
      window.notes.add("delimiter");
      const isNext = end === undefined && items.length > 0;
      return { items, at, ...(!isNext && { isStopped: "broken" }) };
    }
    const item = walkItem(window, at, limit, encoding, depth);
    if (item.isStopped) return { items, at, isStopped: "broken", cut: item.cut };
    items.push(item.elements);
    at = item.at;
    // The sequence's delimiter in place of the item's: of two, or of one before another item, the first is
    // that.
    if (tagAtOr0(window, at, limit, encoding) !== SEQUENCE_DELIMITER) continue;
    const next = tagAtOr0(window, at + ITEM_HEADER_BYTES, limit, encoding);
    if (lengthAt(window.bytes, item.headerAt + 4, encoding.bigEndian) === -1 && !item.isClosed)
      if (next === ITEM || next === SEQUENCE_DELIMITER) at += ITEM_HEADER_BYTES;
  }
}

function walkItem(
  window: LenientWindow,
  headerAt: number,
  limit: number,
  encoding: Encoding,
  depth: number,
): Walked & { headerAt: number; isClosed: boolean } {
  const { bytes, notes } = window;
  const length = lengthAt(bytes, headerAt + 4, encoding.bigEndian);
  const from = headerAt + ITEM_HEADER_BYTES;
  const end = length >= 0 ? from + length : limit;
  if (end > limit) {
    needBytes(window, limit);
    const cut = { tag: ITEM, end };
    return { elements: new Map(), at: headerAt, isStopped: "broken", cut, headerAt, isClosed: false };
  }
  const inside = seenEncoding(window, from, end, encoding);
  if (inside.explicit !== encoding.explicit) notes.add("items-otherwise");
  const walked = walkElements(window, from, end, inside, length < 0, depth + 1);
  // It ends with its length, whatever its last bytes are.
  const at = length >= 0 && !walked.isStopped ? end : walked.at;
  if (length >= 0 && walked.at < end && !walked.isStopped) notes.add("delimiter");
  const isClosed =
    length < 0 &&
    tagAtOr0(window, at - ITEM_HEADER_BYTES, limit, encoding) === ITEM_DELIMITER &&
    at - ITEM_HEADER_BYTES >= from;
  return { ...walked, at, headerAt, isClosed };
}

/**
 * Items are written as their first element looks: some writers put implicit ones into explicit data sets, or
 * the other way round.
 */
function seenEncoding(window: LenientWindow, at: number, end: number, encoding: Encoding): Encoding {
  if (encoding.bigEndian || at + ITEM_HEADER_BYTES > end) return encoding;
  const { bytes } = window;
  const tag = tagAt(bytes, at);
  if (tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER || tag === ITEM) return encoding;
  const isExplicit = isKnownVr(String.fromCharCode(bytes[at + 4], bytes[at + 5]));
  if (isExplicit) return { explicit: true, bigEndian: false };
  if (!encoding.explicit) return encoding;
  return follows(window, at + 8 + lengthAt(bytes, at + 4, false), end, tag, IMPLICIT) ? IMPLICIT : encoding;
}

/**
 * The header of an element, of whose VR nothing is expected: one of another standard, or private, has the
 * usual 16-bit length or that of newer VRs (PS3.5 7.1.2), or it is left out (7.1.3). The first reading behind
 * which an element can follow is taken.
 */
function lenientHeader(
  window: LenientWindow,
  at: number,
  limit: number,
  encoding: Encoding,
  tag: number,
): ElementHeader | undefined {
  const { bytes, notes } = window;
  const isVr = isKnownVr(String.fromCharCode(bytes[at + 4], bytes[at + 5]));
  if (isVr || !encoding.explicit) {
    const header = elementHeader(bytes, at, encoding);
    if (!header) needBytes(window, limit);
    return isVr && !encoding.explicit ? (explicitAmongImplicit(window, at, limit, tag) ?? header) : header;
  }
  const short = elementHeader(bytes, at, encoding)!;
  if (follows(window, short.valueAt + short.length, limit, tag, encoding)) {
    notes.add("vr-unknown");
    return { ...short, vr: UNKNOWN };
  }
  if (at + ELEMENT_HEADER_BYTES <= limit && bytes[at + 6] === 0 && bytes[at + 7] === 0) {
    const length = lengthAt(bytes, at + 8, encoding.bigEndian);
    const valueAt = at + ELEMENT_HEADER_BYTES;
    if (length >= 0 && follows(window, valueAt + length, limit, tag, encoding)) {
      notes.add("vr-unknown");
      return { tag, vr: UNKNOWN, length, valueAt };
    }
  }
  const length = lengthAt(bytes, at + 4, encoding.bigEndian);
  const valueAt = at + ITEM_HEADER_BYTES;
  const isOpen = length === -1 && tagAtOr0(window, valueAt, limit, encoding) === ITEM;
  if (!isOpen && !(length >= 0 && follows(window, valueAt + length, limit, tag, encoding))) return undefined;
  notes.add("vr-missing");
  return { tag, length, valueAt };
}

/** How an element whose VR is none is taken (PS3.5 6.2.2). */
const UNKNOWN = "UN";

/**
 * The header of an element that has a VR in an implicit data set, where its four bytes are no length that can
 * be, and the next element follows it as an explicit one.
 */
function explicitAmongImplicit(
  window: LenientWindow,
  at: number,
  limit: number,
  tag: number,
): ElementHeader | undefined {
  const { bytes, isWhole, notes } = window;
  const isPossible = at + ITEM_HEADER_BYTES + lengthAt(bytes, at + 4, false) <= limit;
  if (isPossible || (!isWhole && limit === bytes.length)) return undefined;
  const header = elementHeader(bytes, at, { explicit: true, bigEndian: false });
  if (!header || header.length < 0) return undefined;
  if (!follows(window, header.valueAt + header.length, limit, tag, IMPLICIT)) return undefined;
  notes.add("vr-in-implicit");
  return header;
}

/** How many elements without a VR that is known may follow each other and still be believed. */
const UNKNOWN_IN_A_ROW = 8;

/** Whether an element, a delimiter or the end can be at a byte, behind the element `before`. */
function follows(
  window: LenientWindow,
  at: number,
  limit: number,
  before: number,
  encoding: Encoding,
  unknown = 0,
): boolean {
  if (at === limit) {
    needBytes(window, limit);
    return true;
  }
  if (at + ELEMENT_HEADER_BYTES > limit) {
    needBytes(window, limit);
    if (at + ITEM_HEADER_BYTES > limit) return false;
  }
  const { bytes } = window;
  const tag = tagAt(bytes, at, encoding.bigEndian);
  if (tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER) return true;
  if (tag <= before || tag >= ITEM) return false;
  if (!encoding.explicit) {
    const length = lengthAt(bytes, at + 4, encoding.bigEndian);
    return length < 0 || at + ITEM_HEADER_BYTES + length <= limit || window.isEnd(tag) || !window.isWhole;
  }
  if (isKnownVr(String.fromCharCode(bytes[at + 4], bytes[at + 5]))) return true;
  if (unknown >= UNKNOWN_IN_A_ROW) return false;
  const header = elementHeader(bytes, at, encoding)!;
  const lengths = [header.length, lengthAt(bytes, at + 4, encoding.bigEndian)];
  return lengths.some(
    (length) => length >= 0 && follows(window, header.valueAt + length, limit, tag, encoding, unknown + 1),
  );
}

function tagAtOr0({ bytes }: LenientWindow, at: number, limit: number, { bigEndian }: Encoding): number {
  return at >= 0 && at + ITEM_HEADER_BYTES <= limit ? tagAt(bytes, at, bigEndian) : 0;
}

/** @throws MoreBytesNeeded where the window, not an item, ends at `limit` and the file goes on */
function needBytes({ bytes, isWhole }: LenientWindow, limit: number): void {
  if (limit === bytes.length && !isWhole) throw new MoreBytesNeeded();
}
