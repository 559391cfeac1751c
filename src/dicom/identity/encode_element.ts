import { type DataElement, hasLongHeader } from "../syntax/elements.js";
import type { Encoding } from "../syntax/transfer_syntax.js";
import { joinBytes } from "../syntax/write_element.js";
import { headerOffset } from "./whole_header.js";

// Elements as the file they come from has them: with or without VR, little or big endian.

const ITEM = 0xfffee000;

/** An element byte for byte, unless its length is undefined, which only sequences have. */
export function rawElement(element: DataElement, bytes: Uint8Array, encoding: Encoding): Uint8Array {
  const { offset, length, value } = element;
  return bytes.subarray(headerOffset(element, encoding), offset + (length >= 0 ? length : value.length));
}

/** The element with another text, padded to an even length (PS3.5 6.2). */
export function encodeInPlace({ tag, vr }: DataElement, text: string, encoding: Encoding): Uint8Array {
  const padding =
    text.length % 2 === 0 ? "" : vr === "UI" || (vr === undefined && /^[\d.]+$/.test(text)) ? "\0" : " ";
  const value = Uint8Array.from(text + padding, (letter) => letter.charCodeAt(0));
  return joinBytes([header(tag, vr, value.length, encoding), value]);
}

/** The sequence with these items, each of a known length. */
export function encodeItem(
  { tag, vr, items }: DataElement,
  contents: readonly Uint8Array[],
  encoding: Encoding,
): Uint8Array {
  // Items of Unknown (UN) are little endian whatever is around them (PS3.5 6.2.2).
  const inner = { explicit: false, bigEndian: (items ?? encoding).bigEndian };
  const parts = contents.flatMap((content) => [header(ITEM, undefined, content.length, inner), content]);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([header(tag, vr, length, encoding), ...parts]);
}

/** PS3.5 7.1.2, 7.1.3. */
function header(
  tag: number,
  vr: string | undefined,
  length: number,
  { explicit, bigEndian }: Encoding,
): Uint8Array {
  const isLong = explicit && vr !== undefined && hasLongHeader(vr);
  const view = new DataView(new ArrayBuffer(isLong ? 12 : 8));
  view.setUint16(0, tag >>> 16, !bigEndian);
  view.setUint16(2, tag & 0xffff, !bigEndian);
  if (explicit && vr !== undefined) {
    view.setUint8(4, vr.charCodeAt(0));
    view.setUint8(5, vr.charCodeAt(1));
  }
  if (isLong) view.setUint32(8, length, !bigEndian);
  else if (explicit && vr !== undefined) view.setUint16(6, length, !bigEndian);
  else view.setUint32(4, length, !bigEndian);
  return new Uint8Array(view.buffer);
}
