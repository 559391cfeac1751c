import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";

/**
 * DICOM files byte by byte, for tests of reading: unlike a proper writer it also writes what the standard
 * forbids. Elements are written in the order given.
 */
export type Value = string | number | Uint8Array;

export interface FileParts {
  /** Undefined: no such element. */
  readonly transferSyntax?: string;
  readonly preamble?: boolean;
  /** The data set's elements, one after the other. */
  readonly elements: readonly Uint8Array[];
}

/** How an element is written, explicit little endian unless told. */
export interface Writing {
  readonly implicit?: boolean;
  readonly bigEndian?: boolean;
  /** In place of the true one. */
  readonly length?: number;
}

const LONG_VRS = ["OB", "OW", "UN", "SQ", "UT", "OV", "SV", "UV", "OF", "OD"];

export const EXPLICIT = "1.2.840.10008.1.2.1";
export const IMPLICIT = "1.2.840.10008.1.2";
export const BIG_ENDIAN = "1.2.840.10008.1.2.2";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
export const JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70";

/** One element; `tag` as "0028,0010"; a number becomes a US. Bytes are written as they are. */
export function element(tag: string, vr: string, value: Value, writing: Writing = {}): Uint8Array {
  const { implicit = false, bigEndian = false } = writing;
  const body = valueBytes(vr, value, bigEndian);
  const length = writing.length ?? body.length;
  const [group, number] = tag.split(",").map((hex) => Number.parseInt(hex, 16));
  const head = [...u16(group, bigEndian), ...u16(number, bigEndian)];
  if (implicit) return joined([Uint8Array.from([...head, ...u32(length, bigEndian)]), body]);
  const size = LONG_VRS.includes(vr) ? [0, 0, ...u32(length, bigEndian)] : u16(length, bigEndian);
  return joined([Uint8Array.from([...head, vr.charCodeAt(0), vr.charCodeAt(1), ...size]), body]);
}

export function item(bytes: Uint8Array, length = bytes.length): Uint8Array {
  return joined([Uint8Array.from([0xfe, 0xff, 0x00, 0xe0, ...u32(length)]), bytes]);
}

export const SEQUENCE_END = Uint8Array.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);

/** Encapsulated Pixel Data of these items, the first being the offset table. */
export function encapsulated(items: readonly Uint8Array[], end: Uint8Array = SEQUENCE_END): Uint8Array {
  return element("7fe0,0010", "OB", joined([...items.map((bytes) => item(bytes)), end]), {
    length: 0xffffffff,
  });
}

export function file(parts: FileParts): Uint8Array {
  const { preamble = true, transferSyntax, elements } = parts;
  const meta = transferSyntax === undefined ? [] : [element("0002,0010", "UI", transferSyntax)];
  const start = preamble ? [new Uint8Array(128), new TextEncoder().encode("DICM")] : [];
  return joined([...start, ...meta, ...elements]);
}

export interface CtFields {
  /** Of elements by tag: a value, or undefined to leave the element out. */
  readonly [tag: string]: Value | undefined;
}

const CT: Readonly<Record<string, readonly [vr: string, value: Value]>> = {
  "0008,0008": ["CS", "ORIGINAL\\PRIMARY\\AXIAL"],
  "0008,0016": ["UI", "1.2.840.10008.5.1.4.1.1.2"],
  "0008,0018": ["UI", "1.2.3.4"],
  "0008,0060": ["CS", "CT"],
  "0008,103e": ["LO", "Chest"],
  "0010,0010": ["PN", "DO^NOT^SHOW"],
  "0018,0050": ["DS", "5"],
  "0018,0088": ["DS", ""],
  "0020,000d": ["UI", "1.2.3"],
  "0020,000e": ["UI", "1.2.3.1"],
  "0020,0032": ["DS", "-10\\-20\\30"],
  "0020,0037": ["DS", "1\\0\\0\\0\\1\\0"],
  "0020,1041": ["DS", "30"],
  "0028,0002": ["US", 1],
  "0028,0004": ["CS", "MONOCHROME2"],
  "0028,0008": ["IS", ""],
  "0028,0010": ["US", 2],
  "0028,0011": ["US", 3],
  "0028,0030": ["DS", "0.75\\0.5"],
  "0028,0100": ["US", 16],
  "0028,0101": ["US", 12],
  "0028,0102": ["US", 11],
  "0028,0103": ["US", 0],
  "0028,1052": ["DS", "-1024"],
  "0028,1053": ["DS", "1"],
};

/** Elements of a 3 x 2 CT slice without its pixel data, with some values replaced. */
export function ctElements(fields: CtFields = {}, writing: Writing = {}): Uint8Array[] {
  const tags = [...new Set([...Object.keys(CT), ...Object.keys(fields)])].sort();
  return tags.flatMap((tag) => {
    const value = tag in fields ? fields[tag] : CT[tag][1];
    return value === undefined ? [] : [element(tag, CT[tag]?.[0] ?? "LO", value, writing)];
  });
}

/** Stored values 0 to 5. */
export const CT_PIXELS = Uint8Array.from([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]);

/** An uncompressed CT slice of one file. */
export function ctFile(fields: CtFields = {}): Uint8Array {
  const elements = [...ctElements(fields), element("7fe0,0010", "OW", CT_PIXELS)];
  return file({ transferSyntax: EXPLICIT, elements });
}

export function ctSource(name: string, fields: CtFields = {}): ByteSource {
  return bytesSource(name, ctFile(fields));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function valueBytes(vr: string, value: Value, bigEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number") return Uint8Array.from(u16(value, bigEndian));
  const pad = value.length % 2 === 0 ? "" : vr === "UI" ? "\0" : " ";
  return Uint8Array.from(value + pad, (letter) => letter.charCodeAt(0));
}

function u16(number: number, bigEndian: boolean): number[] {
  const bytes = [number & 255, (number >>> 8) & 255];
  return bigEndian ? bytes.reverse() : bytes;
}

function u32(number: number, bigEndian = false): number[] {
  const bytes = [number & 255, (number >>> 8) & 255, (number >>> 16) & 255, number >>> 24];
  return bigEndian ? bytes.reverse() : bytes;
}
