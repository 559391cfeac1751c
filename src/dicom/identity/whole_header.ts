import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import { ElementParseError, elementParseError } from "../syntax/element_error.js";
import {
  type DataElement,
  ELEMENT_HEADER_BYTES,
  elementEnd,
  elementHeader,
  hasLongHeader,
} from "../syntax/elements.js";
import { itemElements, walkWindow } from "../syntax/parse_elements.js";
import { type DicomDataSet, isPixelData, readUntilPixelData } from "../syntax/read_data_set.js";
import type { Encoding } from "../syntax/transfer_syntax.js";

/** A file with every element before its pixel data, values whole. */
export interface WholeHeader {
  readonly name: string;
  readonly transferSyntax: string;
  readonly encoding: Encoding;
  /** Of the file, or of its data set inflated: what offsets are of. */
  readonly bytes: Uint8Array;
  /** Ascending. File meta information is not among them. */
  readonly elements: readonly DataElement[];
  /** First byte of the Pixel Data element, and the byte behind it; undefined without one. */
  readonly pixelData?: readonly [start: number, end: number];
}

/**
 * Reads a file whole.
 * @throws HounsfieldError as parseSlice, of what it reads strictly
 */
export async function readWholeHeader(source: ByteSource): Promise<WholeHeader> {
  const head = await readUntilPixelData(source);
  const bytes = await readExactly(head.source, 0, head.source.size);
  try {
    return wholeHeaderOf(source.name, head, bytes);
  } catch (problem) {
    if (problem instanceof ElementParseError) throw elementParseError(problem, source.name, 0);
    throw problem;
  }
}

function wholeHeaderOf(name: string, head: DicomDataSet, bytes: Uint8Array): WholeHeader {
  const { encoding, transferSyntax } = head;
  const own = [...head.elements.values()].filter(({ tag }) => tag >>> 16 !== 2);
  const from = own.reduce((least, element) => Math.min(least, headerOffset(element, encoding)), bytes.length);
  const elements = new Map<number, DataElement>();
  const walk = walkWindow({ bytes, offset: 0, encoding, isItem: true }, isPixelData, elements, from);
  const listed = [...elements.values()].sort((a, b) => a.tag - b.tag);
  // Who asks for items later is to find them whole.
  for (const _ of everyElement(listed));
  const whole = { name, transferSyntax, encoding, bytes, elements: listed };
  if (!head.pixelData) return whole;
  const header = elementHeader(bytes, walk.consumed, encoding);
  const end = header && elementEnd(bytes, header, encoding);
  if (!walk.ended || end === undefined || end > bytes.length) {
    const message = `${name}: its pixel data go beyond the end of the file`;
    throw new HounsfieldError("truncated", message, { file: name, offset: bytes.length });
  }
  return { ...whole, pixelData: [walk.consumed, end] };
}

/** The first byte of an element's header. */
export function headerOffset({ offset, vr }: DataElement, { explicit }: Encoding): number {
  return offset - (explicit && vr !== undefined && hasLongHeader(vr) ? ELEMENT_HEADER_BYTES : 8);
}

const TEXT_VRS = "AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split(" ");
/**
 * The text of an element by its VR; without one, or with Unknown (UN), by its looks. Undefined where it is
 * none. Letters beyond ASCII are bytes.
 */
export function elementText({ vr: written, value, items }: DataElement): string | undefined {
  const vr = written === "UN" ? undefined : written;
  if (items || (vr !== undefined && !TEXT_VRS.includes(vr))) return undefined;
  const text = Array.from(value, (byte) => String.fromCharCode(byte))
    .join("")
    .replace(/[\0 ]+$/, "")
    .trim();
  const isText = vr !== undefined || (value.length <= MOST_TEXT && !value.some(isControl));
  return isText ? text : undefined;
}

/** Longer values without a VR are tables. */
const MOST_TEXT = 4096;

/** What no text has: neither padding, nor line ends, nor the escapes of character sets (PS3.5 6.1.3). */
function isControl(byte: number, at: number, value: Uint8Array): boolean {
  const isPadding = byte === 0 && at === value.length - 1;
  return byte < 0x20 && !isPadding && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte);
}

/** The element and all within its items, outermost first. */
export function* everyElement(elements: Iterable<DataElement>): Generator<DataElement> {
  for (const element of elements) {
    yield element;
    if (element.items) for (const item of itemElements(element)) yield* everyElement(item.values());
  }
}
