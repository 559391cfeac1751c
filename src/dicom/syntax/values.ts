import { HounsfieldError } from "../../core/errors.js";
import { asciiText, type DecodeExtended, decodeText, ESCAPE } from "./character_set.js";
import { ElementParseError, elementParseError } from "./element_error.js";
import { type DataElement, tagAt } from "./elements.js";
import { itemElements } from "./parse_elements.js";
import { formatTag, TAG } from "./tags.js";

/**
 * A data set and the name of its file, for messages. Attributes that are absent or empty read as undefined.
 */
export interface DataSet {
  readonly file: string;
  readonly elements: ReadonlyMap<number, DataElement>;
  /** Reads code extensions; only there where a value may have some. */
  readonly decodeExtended?: DecodeExtended;
}

/**
 * A data set as it was read. What reads code extensions (PS3.5 6.1.2.5), which hardly any file has, is loaded
 * where a value has an escape.
 */
export async function dataSetOf(file: string, elements: DataSet["elements"]): Promise<DataSet> {
  const hasEscapes = [...elements.values()].some(({ value }) => value.includes(ESCAPE));
  if (!hasEscapes) return { file, elements };
  const { decodeExtended } = await import("./code_extensions.js");
  return { file, elements, decodeExtended };
}

/**
 * The items of a sequence (PS3.5 7.5), each a data set of its own; empty when there is none.
 * @throws HounsfieldError `malformed-dicom`
 */
export function itemsOf(data: DataSet, tag: number): readonly DataSet[] {
  const sequence = data.elements.get(tag);
  if (!sequence) return [];
  try {
    return itemElements(sequence).map((elements) => ({ ...data, elements }));
  } catch (problem) {
    if (problem instanceof ElementParseError) throw elementParseError(problem, data.file, sequence.offset);
    throw problem;
  }
}

/** Texts of a multi-valued attribute, without padding; empty when absent. */
export function textsOf(data: DataSet, tag: number): readonly string[] {
  const element = data.elements.get(tag);
  if (!element || element.value.length === 0) return [];
  const text =
    asciiText(element.value) ?? decodeText(element.value, characterSetsFor(data, tag), data.decodeExtended);
  const texts = text.split("\\").map(withoutPadding);
  return texts.every((text) => text === "") ? [] : texts;
}

function characterSetsFor(data: DataSet, tag: number): readonly string[] {
  return tag === TAG.SpecificCharacterSet ? [] : textsOf(data, TAG.SpecificCharacterSet);
}

/** The first text of an attribute. */
export function textOf(data: DataSet, tag: number): string | undefined {
  return textsOf(data, tag)[0] || undefined;
}

/**
 * Padding is a space or, in UIDs, a NUL (PS3.5 6.2); writers use either. No control character gets into
 * messages.
 */
function withoutPadding(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

/**
 * Decimal String (PS3.5 6.2): a sign, digits, a point, an exponent; nothing that Number() takes beyond that.
 */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Exactly `count` numbers of a DS attribute, in f64; binary FL and FD are taken too.
 * @throws HounsfieldError `malformed-dicom` when there are more or fewer, or one is no number
 */
export function decimalsOf(data: DataSet, tag: number, count: number): readonly number[] | undefined {
  const element = data.elements.get(tag);
  if (element && (element.vr === "FD" || element.vr === "FL"))
    return exactly(data, tag, count, floats(element));
  const texts = textsOf(data, tag);
  if (texts.length === 0) return undefined;
  const numbers = texts.map((text) => (DECIMAL.test(text) ? Number(text) : Number.NaN));
  return exactly(data, tag, count, numbers, texts.join("\\"));
}

/** One number of a DS attribute; see decimalsOf. */
export function decimalOf(data: DataSet, tag: number): number | undefined {
  return decimalsOf(data, tag, 1)?.[0];
}

/** One number of a DS attribute that nothing depends on: what is no number is left out. */
export function looseDecimalOf(data: DataSet, tag: number): number | undefined {
  const element = data.elements.get(tag);
  if (element && (element.vr === "FD" || element.vr === "FL")) return floats(element).find(Number.isFinite);
  const text = textOf(data, tag);
  return text !== undefined && DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/**
 * A count in an Integer String. @throws HounsfieldError `malformed-dicom` when it is no whole number of at
 * least 1
 */
export function countOf(data: DataSet, tag: number): number | undefined {
  const text = textOf(data, tag);
  if (text === undefined) return undefined;
  if (/^\+?\d{1,9}$/.test(text) && Number(text) >= 1) return Number(text);
  throw malformed(data, tag, text, "a whole number of at least 1");
}

/** An Integer String that nothing depends on: what is no integer is left out. */
export function looseIntegerOf(data: DataSet, tag: number): number | undefined {
  const text = textOf(data, tag);
  return text !== undefined && /^[+-]?\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/**
 * An unsigned number of a US attribute; UL and Integer Strings, which some writers use, are taken too.
 * @throws HounsfieldError `malformed-dicom` when the value is none of these
 */
export function unsignedOf(data: DataSet, tag: number): number | undefined {
  const element = data.elements.get(tag);
  if (!element || element.value.length === 0) return undefined;
  const { value, vr } = element;
  if (vr === "IS" || vr === "DS") return countOf(data, tag);
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length >= 4 && vr === "UL") return view.getUint32(0, true);
  if (value.length >= 2 && (vr === undefined || vr === "US" || vr === "SS" || vr === "UN"))
    return view.getUint16(0, true);
  throw malformed(data, tag, `${value.length} bytes${vr ? ` of ${vr}` : ""}`, "an unsigned 16-bit number");
}

/** Unsigned 32-bit numbers of a UL attribute; none when it is absent. */
export function unsignedLongsOf(data: DataSet, tag: number): readonly number[] {
  const element = data.elements.get(tag);
  if (!element) return [];
  const { value } = element;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: Math.floor(value.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

/** An AT attribute in the notation of TAG: two 16-bit numbers, group first (PS3.5 6.2). */
export function tagValueOf(data: DataSet, tag: number): number | undefined {
  const element = data.elements.get(tag);
  return element && element.value.length >= 4 ? tagAt(element.value, 0) : undefined;
}

/** All values of an AT attribute, as tagValueOf. */
export function tagValuesOf(data: DataSet, tag: number): readonly number[] {
  const { value } = data.elements.get(tag) ?? { value: new Uint8Array() };
  return Array.from({ length: Math.floor(value.length / 4) }, (_, i) => tagAt(value, 4 * i));
}

/** A 16-bit attribute whose sign follows Pixel Representation (US or SS). */
export function signedByOf(data: DataSet, tag: number, pixelRepresentation: 0 | 1): number | undefined {
  const element = data.elements.get(tag);
  if (!element || element.value.length < 2) return undefined;
  const view = new DataView(element.value.buffer, element.value.byteOffset, element.value.byteLength);
  return pixelRepresentation === 1 ? view.getInt16(0, true) : view.getUint16(0, true);
}

function floats({ value, vr }: DataElement): number[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const bytes = vr === "FD" ? 8 : 4;
  const at = (i: number) => (vr === "FD" ? view.getFloat64(i * 8, true) : view.getFloat32(i * 4, true));
  return Array.from({ length: Math.floor(value.length / bytes) }, (_, i) => at(i));
}

function exactly(
  data: DataSet,
  tag: number,
  count: number,
  numbers: number[],
  text?: string,
): number[] | undefined {
  if (numbers.length === 0) return undefined;
  if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
  throw malformed(data, tag, text ?? numbers.join("\\"), count === 1 ? "one number" : `${count} numbers`);
}

function malformed(data: DataSet, tag: number, got: string, accepted: string): HounsfieldError {
  const shown = got.length > 80 ? `${got.slice(0, 80)}...` : got;
  const message = `${data.file}: ${formatTag(tag)} is "${shown}"; it must be ${accepted}`;
  return new HounsfieldError("malformed-dicom", message, {
    file: data.file,
    tag: formatTag(tag),
    got,
    accepted,
  });
}
