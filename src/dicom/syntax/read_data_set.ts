import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import { firstElementOffset } from "./detect_format.js";
import { ElementParseError, elementParseError } from "./element_error.js";
import { type DataElement, ELEMENT_HEADER_BYTES, elementHeader, isKnownVr } from "./elements.js";
import {
  dataElement,
  isSequence,
  type Overrun,
  type Window,
  type WindowWalk,
  walkWindow,
} from "./parse_elements.js";
import { formatTag, TAG } from "./tags.js";
import {
  DEFLATED_EXPLICIT_LITTLE_ENDIAN,
  type Encoding,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from "./transfer_syntax.js";

/** The elements of a file up to its pixel data. */
export interface DicomDataSet {
  /** What offsets are of: the file, or its data set inflated. */
  readonly source: ByteSource;
  readonly transferSyntax: string;
  readonly elements: ReadonlyMap<number, DataElement>;
  /** Pixel Data, Float or Double Float Pixel Data; of its value nothing has been read. */
  readonly pixelData?: DataElement;
  readonly encoding: Encoding;
  readonly diagnostics: readonly Diagnostic[];
  /** By read_lenient.ts: what is behind the pixel data has been looked at. */
  readonly isLenient?: boolean;
  /** Pixel data are items though their length is defined. */
  readonly isEncapsulated?: boolean;
}

/**
 * Bytes asked for at a time. Headers of single CT slices are 2 to 12 KB, so that one read does for nearly all
 * files and a folder of 10,000 costs 160 MB of reading instead of gigabytes.
 */
const WINDOW_BYTES = 16 * 1024;
/**
 * Values longer than this before the pixel data are jumped over: none of the attributes read here comes near.
 */
const LONG_VALUE_BYTES = 8 * 1024;
/** No sequence of an honest header is larger; functional groups of 10,000 frames take about 20 MB. */
const MAX_WINDOW_BYTES = 256 * 1024 * 1024;

const PIXEL_DATA = new Set<number>([TAG.FloatPixelData, TAG.DoubleFloatPixelData, TAG.PixelData]);

export function isPixelData(tag: number): boolean {
  return PIXEL_DATA.has(tag);
}

/** File Meta Information is always written so (PS3.10 7.1). */
export const META_ENCODING: Encoding = { explicit: true, bigEndian: false };

/**
 * Reads a file's head, and of its head only windows: long values are jumped over, so memory does not grow
 * with the file. A deflated data set is inflated, its size counted before.
 * @throws HounsfieldError `not-dicom`, `git-lfs-pointer`, `truncated`, `malformed-dicom`, `limit-exceeded`,
 * `io`
 */
export async function readUntilPixelData(source: ByteSource): Promise<DicomDataSet> {
  const start = await readExactly(source, 0, Math.min(source.size, WINDOW_BYTES));
  const first = await firstElementOffset(start, source);
  const isEndOfMeta = (tag: number) => tag >>> 16 !== 0x0002;
  const meta = await walk(source, first, META_ENCODING, isEndOfMeta, start.subarray(first));
  const declared = asciiValue(meta.elements.get(TAG.TransferSyntaxUID));
  if (!meta.endHeader) throw endsEarly(source, "before the first element of its data set");
  if (declared !== DEFLATED_EXPLICIT_LITTLE_ENDIAN) {
    return readDataSet(source, meta.endOffset, start.subarray(meta.endOffset), declared);
  }
  // Rare, and two thousand bytes of a page.
  const { inflatedSource } = await import("./deflated_source.js");
  return readDataSet(await inflatedSource(source, meta.endOffset), 0, NO_BYTES, declared);
}

const NO_BYTES = new Uint8Array(0);

async function readDataSet(
  source: ByteSource,
  from: number,
  known: Uint8Array,
  declared: string | undefined,
): Promise<DicomDataSet> {
  const first = known.length >= 6 ? known : await readExactly(source, from, Math.min(source.size, from + 8));
  const encoding = seenEncoding(first);
  const { transferSyntax, diagnostics } = settleTransferSyntax(declared, encoding, source.name);
  const data = await walk(source, from, encoding, isPixelData, known);
  const pixelData = data.endHeader && pixelDataHeader(source, data.endHeader, data.endOffset, encoding);
  return { source, transferSyntax, elements: data.elements, pixelData, encoding, diagnostics };
}

/** By the first element, whose group is a small number: 0008 in nearly every file. */
export function seenEncoding(bytes: Uint8Array): Encoding {
  const explicit = isKnownVr(String.fromCharCode(bytes[4], bytes[5]));
  return { explicit, bigEndian: explicit && bytes[0] === 0 && bytes[1] !== 0 };
}

/**
 * Walks what follows uncompressed pixel data: padding, overlays, signatures. It is not kept, but a tail that
 * makes no sense means that the length of the pixel data does not either. Zeros, as block devices append
 * them, are let pass.
 * @returns whether there is something that belongs before the pixel data, or behind the zeros
 * @throws HounsfieldError `malformed-dicom`, `truncated`
 */
export async function checkTail(source: ByteSource, from: number, encoding: Encoding): Promise<boolean> {
  const { elements, endHeader } = await walk(source, from, encoding, (tag) => tag === 0);
  return endHeader?.some((byte) => byte !== 0) || [...elements.keys()].some((tag) => READ.has(tag));
}

/** Of its value nothing has been read. */
function pixelDataHeader(
  source: ByteSource,
  bytes: Uint8Array,
  offset: number,
  encoding: Encoding,
): DataElement {
  const header = elementHeader(bytes, 0, encoding);
  if (!header) throw endsEarly(source, "inside an element");
  return dataElement(bytes, offset, header, header.valueAt, encoding);
}

/** The declared transfer syntax, unless the bytes of the data set say otherwise about its elements. */
export function settleTransferSyntax(declared: string | undefined, encoding: Encoding, file: string) {
  const seen = syntaxOf(encoding);
  if (declared === undefined) {
    const message = `no transfer syntax is declared; read as ${seen}, which the bytes look like`;
    return { transferSyntax: seen, diagnostics: [warning("transfer-syntax-assumed", message, file)] };
  }
  const plain = [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN];
  if (declared === seen || !plain.includes(declared)) return { transferSyntax: declared, diagnostics: [] };
  const message = `transfer syntax ${declared} is declared, but the bytes are ${seen}; read as that`;
  return { transferSyntax: seen, diagnostics: [warning("transfer-syntax-contradicted", message, file)] };
}

function syntaxOf({ explicit, bigEndian }: Encoding): string {
  if (bigEndian) return EXPLICIT_BIG_ENDIAN;
  return explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
}

function warning(code: string, message: string, file: string): Diagnostic {
  return { severity: "warning", code, message, files: [file] };
}

interface Walked {
  readonly elements: ReadonlyMap<number, DataElement>;
  /** Where the element to stop at begins, or the size of the file. */
  readonly endOffset: number;
  /** The header of that element; undefined at the end of the file. */
  readonly endHeader?: Uint8Array;
}

/**
 * Walks elements from `from` to the first for which `isEnd`; `known` are bytes from there that were read
 * already.
 */
async function walk(
  source: ByteSource,
  from: number,
  encoding: Encoding,
  isEnd: (tag: number) => boolean,
  known: Uint8Array = NO_BYTES,
): Promise<Walked> {
  const elements = new Map<number, DataElement>();
  let offset = from;
  let windowBytes = WINDOW_BYTES;
  while (offset < source.size) {
    const untouched = offset === from && windowBytes === WINDOW_BYTES && known.length > 0;
    const bytes = untouched
      ? known
      : await readExactly(source, offset, Math.min(source.size, offset + windowBytes));
    const atFileEnd = offset + bytes.length === source.size;
    const window = { bytes, offset, encoding };
    const part = orRefused(source, offset, () => walkWindow(window, isEnd, elements));
    const at = offset + part.consumed;
    const endHeader = part.ended && bytes.subarray(part.consumed);
    if (endHeader && endHeader.length >= ELEMENT_HEADER_BYTES) return { elements, endOffset: at, endHeader };
    const { overrun } = part;
    if (overrun && offset + overrun.end > source.size) throw valueTooLong(source, at, overrun);
    if (overrun && mayBeJumped(window, part)) {
      elements.set(overrun.tag, jumpedOver(overrun, offset));
      offset += overrun.end;
    } else if (atFileEnd && part.consumed < bytes.length) throw endsEarly(source, "inside an element");
    else if (part.consumed > 0) offset = at;
    else windowBytes = widened(windowBytes, source, at);
  }
  return { elements, endOffset: source.size };
}

/** All that this library reads. */
export const READ = new Set<number>(Object.values(TAG));

/**
 * Long values are, but for sequences that are read. Without VRs, or of VR UN, a sequence is known by its
 * first bytes, which may lie in the next window.
 */
function mayBeJumped({ bytes, encoding }: Window, { overrun, consumed }: WindowWalk): boolean {
  if (!overrun || overrun.length <= LONG_VALUE_BYTES) return false;
  if (!READ.has(overrun.tag)) return true;
  if ((!encoding.explicit || overrun.vr === "UN") && consumed > 0 && overrun.valueAt + 4 > bytes.length)
    return false;
  return !isSequence(bytes.subarray(overrun.valueAt), overrun, encoding);
}

function jumpedOver({ tag, vr, length, valueAt }: Overrun, windowOffset: number): DataElement {
  return { tag, vr, offset: windowOffset + valueAt, length, value: NO_BYTES };
}

/** What `work` makes of bytes that begin at `offset` of the file. */
function orRefused<T>(source: ByteSource, offset: number, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof ElementParseError) throw elementParseError(problem, source.name, offset);
    throw problem;
  }
}

function valueTooLong(source: ByteSource, offset: number, overrun: Overrun): HounsfieldError {
  const tag = formatTag(overrun.tag);
  const message = `${source.name}: element ${tag} at byte ${offset} declares ${overrun.length} bytes, but the file ends at byte ${source.size}`;
  const fields = { file: source.name, tag, offset, got: source.size - offset, accepted: overrun.length };
  return new HounsfieldError("truncated", message, fields);
}

function endsEarly(source: ByteSource, where: string): HounsfieldError {
  const message = `${source.name}: ends at byte ${source.size}, ${where}`;
  return new HounsfieldError("truncated", message, { file: source.name, offset: source.size });
}

function widened(windowBytes: number, source: ByteSource, offset: number): number {
  if (windowBytes < MAX_WINDOW_BYTES) return windowBytes * 4;
  const message = `${source.name}: the element at byte ${offset} goes on for more than ${MAX_WINDOW_BYTES} bytes`;
  throw new HounsfieldError("malformed-dicom", message, { file: source.name, offset });
}

export function asciiValue(element: DataElement | undefined): string | undefined {
  if (!element) return undefined;
  const text = String.fromCharCode(...element.value.subarray(0, 64)).replace(/[\0 ]+$/, "");
  return text === "" ? undefined : text;
}
