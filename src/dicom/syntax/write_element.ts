import { HounsfieldError } from "../../core/errors.js";

/** The value representations written here (DICOM PS3.5 6.2). */
export type Vr =
  | ("AE" | "AS" | "CS" | "DA" | "DS" | "IS" | "LO" | "LT" | "PN" | "SH" | "ST" | "TM" | "UI")
  | ("AT" | "US" | "SS" | "UL" | "FD" | "OB" | "OW" | "SQ" | "UN");

export interface DicomElement {
  /** 0xggggeeee. */
  readonly tag: number;
  readonly vr: Vr;
  /**
   * Several values as an array; bytes for OB, OW, SQ and UN; 0xggggeeee for AT. An empty string or array is
   * an element of no length.
   */
  readonly value: string | number | readonly string[] | readonly number[] | Uint8Array;
}

/**
 * Bytes after the VR of an explicit header are 2 of length, but for these: 2 reserved and 4 of length
 * (PS3.5 7.1.2).
 */
const LONG_VRS: ReadonlySet<Vr> = new Set(["OB", "OW", "SQ", "UN"]);

const BINARY_SIZE: Partial<Record<Vr, number>> = { AT: 4, US: 2, SS: 2, UL: 4, FD: 8 };

const ITEM = 0xfffee000;
const UNDEFINED_LENGTH = 0xffffffff;

/** One data element, little endian, padded to an even length. */
export function encodeElement(element: DicomElement, explicitVr: boolean): Uint8Array {
  const value = encodeValue(element);
  return joinBytes([elementHeader(element.tag, element.vr, value.length, explicitVr), value]);
}

/** A sequence of items of a known length, each of its elements by ascending tag, in explicit VR. */
export function sequenceElement(tag: number, items: readonly (readonly DicomElement[])[]): DicomElement {
  const parts = items.map((elements) => {
    const sorted = [...elements].sort((a, b) => a.tag - b.tag);
    const item = joinBytes(sorted.map((element) => encodeElement(element, true)));
    return joinBytes([implicitHeader(ITEM, item.length), item]);
  });
  return { tag, vr: "SQ", value: joinBytes(parts) };
}

/** The header of an element of undefined length: items and a sequence delimiter follow. */
export function undefinedLengthHeader(tag: number, vr: Vr): Uint8Array {
  return elementHeader(tag, vr, UNDEFINED_LENGTH, true);
}

/**
 * Tag and length without VR: an implicit element's header, and an item's or delimiter's in every transfer
 * syntax.
 */
export function implicitHeader(tag: number, length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint16(0, tag >>> 16, true);
  header.setUint16(2, tag & 0xffff, true);
  header.setUint32(4, length, true);
  return new Uint8Array(header.buffer);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A DS value of a number: at most 16 characters (PS3.5 6.2), as many digits as fit. */
export function decimalString(value: number): string {
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return "0";
}

function elementHeader(tag: number, vr: Vr, length: number, explicitVr: boolean): Uint8Array {
  if (!explicitVr) return implicitHeader(tag, length);
  const isLong = LONG_VRS.has(vr);
  if (!isLong && length > 0xffff) {
    throw new HounsfieldError(
      "invalid-option",
      `DICOM element: ${length} bytes in VR ${vr}; accepted: 65535`,
      {
        got: length,
        accepted: 65535,
      },
    );
  }
  const header = new DataView(new ArrayBuffer(isLong ? 12 : 8));
  header.setUint16(0, tag >>> 16, true);
  header.setUint16(2, tag & 0xffff, true);
  header.setUint8(4, vr.charCodeAt(0));
  header.setUint8(5, vr.charCodeAt(1));
  if (isLong) header.setUint32(8, length, true);
  else header.setUint16(6, length, true);
  return new Uint8Array(header.buffer);
}

function encodeValue({ vr, value }: DicomElement): Uint8Array {
  if (value instanceof Uint8Array) return padded(value, 0);
  const values = typeof value === "string" || typeof value === "number" ? [value] : value;
  const size = BINARY_SIZE[vr];
  if (size !== undefined) return encodeNumbers(vr, size, values.map(Number));
  const texts = values.map((one) => (typeof one === "number" ? decimalString(one) : one));
  // UIDs are padded with a zero byte, other text with a space (PS3.5 6.2).
  return padded(new TextEncoder().encode(texts.join("\\")), vr === "UI" ? 0 : 0x20);
}

function encodeNumbers(vr: Vr, size: number, values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (vr === "AT") {
      view.setUint16(i * size, value >>> 16, true);
      view.setUint16(i * size + 2, value & 0xffff, true);
    } else if (vr === "FD") view.setFloat64(i * size, value, true);
    else if (size === 4) view.setUint32(i * size, value, true);
    else view.setUint16(i * size, value, true);
  });
  return new Uint8Array(view.buffer);
}

function padded(bytes: Uint8Array, padding: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : joinBytes([bytes, Uint8Array.of(padding)]);
}
