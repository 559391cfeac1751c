import type { Element } from "dicom-parser";
import dicomParser from "dicom-parser";
import type { Encoding } from "./transfer_syntax.js";

/** One element of a data set: its value is at bytes [offset, offset + length) of the file. */
export interface DataElement {
  readonly tag: string;
  /** Undefined in implicit VR. */
  readonly vr?: string;
  readonly offset: number;
  /** As declared; -1 where it is undefined (PS3.5 7.1.1). */
  readonly length: number;
  /** Numbers in it are little endian, whatever they are in the file. Empty where a long value was jumped over. */
  readonly value: Uint8Array;
  /** Of a sequence; `itemElements` reads them. */
  readonly items?: readonly Element[];
}

/** How far one window of bytes could be walked. */
export interface WindowWalk {
  /** Bytes of the elements that are whole. */
  readonly consumed: number;
  /** The element at `consumed` is the one to stop at. */
  readonly ended?: boolean;
  readonly overrun?: Overrun;
  /** What dicom-parser made of an element that is not whole. */
  readonly problem?: unknown;
}

/** An element of known length that goes beyond the window: where its value is, relative to the window. */
export interface Overrun {
  readonly tag: string;
  readonly vr?: string;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/** The longest header of an element: tag, VR, two reserved bytes, 32-bit length (PS3.5 7.1.2). */
export const ELEMENT_HEADER_BYTES = 12;

const VRS = new Set(
  "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split(
    " ",
  ),
);

/** The value representations of PS3.5 table 6.2-1. */
export function isKnownVr(vr: string): boolean {
  return VRS.has(vr);
}

/** The tag at a byte as dicom-parser writes it: "x00280010". */
export function tagAt(bytes: Uint8Array, at: number, bigEndian = false): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 4);
  const group = view.getUint16(0, !bigEndian);
  const number = group * 65536 + view.getUint16(2, !bigEndian);
  return `x${number.toString(16).padStart(8, "0")}`;
}

/** A piece of a file, from an element's first byte on. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin in the file. */
  readonly offset: number;
  readonly atFileEnd: boolean;
  readonly encoding: Encoding;
}

/**
 * Reads whole elements from the start of `window` into `elements`, up to the first for which `isEnd`.
 * dicom-parser reads each one, sequences included; the loop is ours because its own does not say where it stopped,
 * runs over the end of partial data without a word and takes OV, SV and UV for short VRs.
 */
export function walkWindow(
  window: Window,
  isEnd: (tag: string) => boolean,
  elements: Map<string, DataElement>,
): WindowWalk {
  const { bytes, offset, encoding } = window;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const tag = tagAt(bytes, at, encoding.bigEndian);
    if (isEnd(tag)) return { consumed: at, ended: at + ELEMENT_HEADER_BYTES <= bytes.length };
    let read: ElementRead;
    try {
      read = readElement(bytes, at, encoding);
    } catch (problem) {
      return { consumed: at, problem };
    }
    if (read.next > bytes.length) {
      const { vr, length, dataOffset, items } = read.element;
      if (items) return { consumed: at };
      return { consumed: at, overrun: { tag, vr, length, start: dataOffset, end: dataOffset + length } };
    }
    // A search for a delimiter that meets the end of the window stops there; it may not have been found.
    const reachesEnd = read.element.hadUndefinedLength && read.next + 4 > bytes.length;
    if (reachesEnd && (read.isOpen || !window.atFileEnd)) return { consumed: at };
    elements.set(tag, asDataElement(bytes, offset, read.element, encoding));
    at = read.next;
  }
  return { consumed: at };
}

/**
 * The element at the start of `bytes`, of whose value nothing is needed.
 * @param bytes at least ELEMENT_HEADER_BYTES
 */
export function elementHeader(bytes: Uint8Array, fileOffset: number, encoding: Encoding): DataElement {
  const { element } = readElement(bytes, 0, encoding, tagAt(bytes, 0, encoding.bigEndian));
  return asDataElement(bytes, fileOffset, element, encoding);
}

interface ElementRead {
  readonly element: Element;
  readonly next: number;
  /** Its bytes ended before a sequence or an item was closed. */
  readonly isOpen: boolean;
}

function readElement(bytes: Uint8Array, at: number, encoding: Encoding, untilTag?: string): ElementRead {
  const { explicit, bigEndian } = encoding;
  if (explicit) {
    const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
    if (!isKnownVr(vr)) throw new InvalidVr(tagAt(bytes, at, bigEndian));
    if (vr === "OV" || vr === "SV" || vr === "UV") return readLongVr(bytes, at, vr, bigEndian);
  }
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, at);
  const warnings: string[] = [];
  const element = explicit
    ? dicomParser.readDicomElementExplicit(stream, warnings, untilTag)
    : dicomParser.readDicomElementImplicit(stream, untilTag);
  const isOpen = [...warnings, ...stream.warnings].some((warning) => warning.startsWith("eof encountered"));
  return { element, next: stream.position, isOpen };
}

/** Header of the VRs that came with 64-bit values (PS3.5 7.1.2), which dicom-parser does not know. */
function readLongVr(bytes: Uint8Array, at: number, vr: string, bigEndian: boolean): ElementRead {
  const dataOffset = at + ELEMENT_HEADER_BYTES;
  if (dataOffset > bytes.length) throw new Error("attempt to read past end of the bytes");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 8, !bigEndian);
  return {
    element: { tag: tagAt(bytes, at, bigEndian), vr, length, dataOffset },
    next: dataOffset + length,
    isOpen: false,
  };
}

/** The elements of one item of a sequence that was read, sequences in it included. */
export function itemElements(item: Element): ReadonlyMap<string, DataElement> {
  const elements = new Map<string, DataElement>();
  const { dataSet } = item;
  if (!dataSet) return elements;
  const bigEndian = dataSet.byteArrayParser === dicomParser.bigEndianByteArrayParser;
  // An item is always read from an array of bytes; the type also allows a Node Buffer, which is one.
  const bytes = dataSet.byteArray as Uint8Array;
  for (const element of Object.values(dataSet.elements)) {
    elements.set(element.tag, asDataElement(bytes, 0, element, { explicit: true, bigEndian }));
  }
  return elements;
}

/** Explicit VR, but the two bytes are none: what comes before had a wrong length. */
export class InvalidVr extends Error {
  override readonly name = "InvalidVr";

  constructor(readonly tag: string) {
    super("no value representation");
  }
}

function asDataElement(
  bytes: Uint8Array,
  fileOffset: number,
  element: Element,
  { bigEndian }: Encoding,
): DataElement {
  const { tag, vr, dataOffset, length, items, hadUndefinedLength } = element;
  const value = bytes.subarray(dataOffset, dataOffset + length);
  return {
    tag,
    vr,
    offset: fileOffset + dataOffset,
    length: hadUndefinedLength ? -1 : length,
    value: bigEndian ? littleEndianValue(value, vr) : value,
    items,
  };
}

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
