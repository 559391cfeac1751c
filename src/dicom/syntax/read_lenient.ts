import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import { firstElementOffset } from "./detect_format.js";
import {
  type DataElement,
  ELEMENT_HEADER_BYTES,
  type ElementHeader,
  elementHeader,
  isKnownVr,
  lengthAt,
  tagAt,
} from "./elements.js";
import { type LenientNote, noteDiagnostics } from "./lenient_notes.js";
import { type LenientWalk, MoreBytesNeeded, walkLeniently } from "./lenient_walk.js";
import { dataElement } from "./parse_elements.js";
import {
  asciiValue,
  type DicomDataSet,
  isPixelData,
  META_ENCODING,
  seenEncoding,
  settleTransferSyntax,
} from "./read_data_set.js";
import { formatTag, TAG } from "./tags.js";
import {
  DEFLATED_EXPLICIT_LITTLE_ENDIAN,
  type Encoding,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from "./transfer_syntax.js";

/** What a second, lenient reading made of a file. */
export interface LenientDataSet extends DicomDataSet {
  /** Why it went no further, where it ended before pixel data and before the end of the file. */
  readonly stop?: HounsfieldError;
  /** Bytes at the end of the file that are no element, where there are no pixel data. */
  readonly tailBytes: number;
}

const FIRST_WINDOW_BYTES = 64 * 1024;
const MAX_WINDOW_BYTES = 256 * 1024 * 1024;

/**
 * Reads a file that the plain reader (read_data_set.ts) refused, by rules that leave one reading only
 * (docs/sources.md); each that was needed is a diagnostic.
 * @throws HounsfieldError `not-dicom`, `git-lfs-pointer`, `truncated`, `io`
 */
export async function readLeniently(source: ByteSource): Promise<LenientDataSet> {
  const notes = new Set<LenientNote>();
  const start = await readExactly(source, 0, Math.min(source.size, FIRST_WINDOW_BYTES));
  const first = await firstElementOffset(start, source);
  const meta = readMeta(start, first, notes);
  const { declared, end } = meta;
  if (declared !== DEFLATED_EXPLICIT_LITTLE_ENDIAN) return readDataSet(source, end, meta, notes);
  if (isVr(start, end) && tagAt(start, end) >>> 16 === GROUP_8) {
    notes.add("deflate-missing");
    return readDataSet(source, end, { ...meta, declared: EXPLICIT_LITTLE_ENDIAN }, notes);
  }
  const { inflatedSource } = await import("./deflated_source.js");
  const inflated = await inflatedSource(source, end + zlibHeaderBytes(start, end, notes));
  return readDataSet(inflated, 0, meta, notes);
}

/** That of a data set's first element, but for few. */
const GROUP_8 = 8;

/**
 * CMF and FLG of RFC 1950 2.2: deflate with a window of up to 32 KiB, without a dictionary, divisible by 31.
 */
function zlibHeaderBytes(bytes: Uint8Array, at: number, notes: Set<LenientNote>): number {
  const [method, flags] = [bytes[at], bytes[at + 1]];
  const isZlib = (method & 15) === 8 && method >> 4 <= 7 && (flags & 32) === 0;
  if (!isZlib || (method * 256 + flags) % 31 !== 0) return 0;
  notes.add("deflate-zlib");
  return 2;
}

interface Meta {
  readonly declared?: string;
  /** Media Storage SOP Class UID: what the file is, whatever its data set lost. */
  readonly sopClass?: DataElement;
  readonly end: number;
}

/**
 * File Meta Information, in whichever way its first element is written; it ends where the data set begins,
 * also where that repeats it.
 */
function readMeta(bytes: Uint8Array, first: number, notes: Set<LenientNote>): Meta {
  const explicit = isVr(bytes, first);
  const encoding: Encoding = { ...META_ENCODING, explicit };
  let declared: string | undefined;
  let sopClass: DataElement | undefined;
  let at = first;
  for (; at + ELEMENT_HEADER_BYTES <= bytes.length && tagAt(bytes, at) >>> 16 === 2; ) {
    if (declared !== undefined && isVr(bytes, at) !== explicit && !isNoVr(bytes, at)) break;
    if (explicit && isNoVr(bytes, at)) notes.add("vr-unknown");
    const header = elementHeader(bytes, at, encoding)!;
    const end = header.valueAt + header.length;
    if (header.length < 0 || end > bytes.length) break;
    const value = dataElement(bytes, 0, header, end, encoding);
    if (header.tag === TAG.TransferSyntaxUID) declared = asciiValue(value);
    if (header.tag === TAG.MediaStorageSOPClassUID) sopClass = value;
    at = end;
  }
  if (!explicit && at > first) notes.add("file-meta-implicit");
  if (tagAt(bytes, at) >>> 16 === 2 && at > first) notes.add("group-2-repeated");
  return { declared, sopClass, end: at };
}

function isVr(bytes: Uint8Array, at: number): boolean {
  return isKnownVr(String.fromCharCode(bytes[at + 4], bytes[at + 5]));
}

/** Two letters or marks that are no VR: no length of an implicit element is that large. */
function isNoVr(bytes: Uint8Array, at: number): boolean {
  const isPrinted = (byte: number) => byte > 32 && byte < 127;
  return !isVr(bytes, at) && isPrinted(bytes[at + 4]) && isPrinted(bytes[at + 5]);
}

async function readDataSet(
  source: ByteSource,
  from: number,
  { declared, sopClass }: Meta,
  notes: Set<LenientNote>,
): Promise<LenientDataSet> {
  const head = await readExactly(source, from, Math.min(source.size, from + 8));
  const seen = seenEncoding(head);
  let encoding = seen;
  let found = new Set(notes);
  let walk = await walkSource(source, from, seen, isPixelData, found);
  const said = encodingOf(declared);
  if (!walk.ended && said && said.explicit !== seen.explicit) {
    // The first element, by which encodings are told, may be the one that is odd.
    const otherNotes = new Set(notes);
    const other = await walkSource(source, from, said, isPixelData, otherNotes);
    if (other.ended) [walk, encoding, found] = [other, said, otherNotes];
  }
  const { transferSyntax, diagnostics } = settleTransferSyntax(declared, encoding, source.name);
  const { elements, at, bytes, ended } = walk;
  const pixelHeader = ended ? pixelDataHeader(bytes, at - walk.offset, encoding, found) : undefined;
  const pixelData =
    pixelHeader && dataElement(bytes, walk.offset, pixelHeader, pixelHeader.valueAt, encoding);
  const isAtEnd = source.size - at < 8;
  return {
    source,
    transferSyntax,
    elements: sopClass ? new Map([[sopClass.tag, sopClass], ...elements]) : elements,
    pixelData,
    encoding,
    diagnostics: [...diagnostics, ...noteDiagnostics(found, source.name)],
    isLenient: true,
    tailBytes: ended ? 0 : source.size - at,
    ...(!ended && (walk.cut || !isAtEnd) && { stop: stopOf(source, walk) }),
  };
}

/** Of an uncompressed transfer syntax; all compressed ones are explicit little endian (PS3.5 A.4). */
function encodingOf(declared: string | undefined): Encoding | undefined {
  if (declared === undefined) return undefined;
  return { explicit: declared !== IMPLICIT_LITTLE_ENDIAN, bigEndian: declared === EXPLICIT_BIG_ENDIAN };
}

/**
 * Of pixel data whose VR is none, the length is that of the VRs that pixel data have, 32 bits behind two of
 * zeros; or of an element without VR.
 */
function pixelDataHeader(
  bytes: Uint8Array,
  at: number,
  encoding: Encoding,
  notes: Set<LenientNote>,
): ElementHeader | undefined {
  if (!encoding.explicit || isVr(bytes, at)) return elementHeader(bytes, at, encoding);
  const tag = tagAt(bytes, at, encoding.bigEndian);
  const isLong = bytes[at + 6] === 0 && bytes[at + 7] === 0 && isNoVr(bytes, at);
  notes.add(isLong ? "vr-unknown" : "vr-missing");
  const lengthByte = at + (isLong ? 8 : 4);
  return { tag, vr: "OW", length: lengthAt(bytes, lengthByte, encoding.bigEndian), valueAt: lengthByte + 4 };
}

/** Of elements behind the pixel data: those that are there, and where the last ends. */
export interface Tail {
  readonly elements: ReadonlyMap<number, DataElement>;
  readonly at: number;
  readonly cut?: HounsfieldError;
}

/** Reads on from `from`, to the end of the file or where no element begins. */
export async function readTail(source: ByteSource, from: number, encoding: Encoding): Promise<Tail> {
  const walk = await walkSource(source, from, encoding, (tag) => tag === 0, new Set());
  return { elements: walk.elements, at: walk.at, ...(walk.cut && { cut: stopOf(source, walk) }) };
}

interface SourceWalk extends Omit<LenientWalk, "cut"> {
  /** As `at`, in the file. */
  readonly cut?: LenientWalk["cut"];
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** One window that is made larger until it holds all: what is read leniently is rare, and rarely large. */
async function walkSource(
  source: ByteSource,
  from: number,
  encoding: Encoding,
  isEnd: (tag: number) => boolean,
  notes: Set<LenientNote>,
): Promise<SourceWalk> {
  for (let size = FIRST_WINDOW_BYTES; ; size *= 4) {
    const bytes = await readExactly(source, from, Math.min(source.size, from + size));
    const isWhole = from + bytes.length === source.size;
    const found = new Set<LenientNote>();
    try {
      const walk = walkLeniently({ bytes, offset: from, isWhole, encoding, isEnd, notes: found });
      const header = walk.ended && bytes.length - walk.at < ELEMENT_HEADER_BYTES && !isWhole;
      if (header) throw new MoreBytesNeeded();
      for (const note of found) notes.add(note);
      const cut = walk.cut && { ...walk.cut, end: from + walk.cut.end };
      return { ...walk, at: from + walk.at, cut, bytes, offset: from };
    } catch (more) {
      if (!(more instanceof MoreBytesNeeded)) throw more;
      if (size < MAX_WINDOW_BYTES) continue;
      const message = `${source.name}: an element goes on for more than ${MAX_WINDOW_BYTES} bytes`;
      throw new HounsfieldError("malformed-dicom", message, { file: source.name, offset: from });
    }
  }
}

/**
 * Where nothing can be read: what is missing, if something is, or what stands there instead of an element.
 */
function stopOf(source: ByteSource, { at, cut, bytes, offset }: SourceWalk): HounsfieldError {
  const file = source.name;
  const number = at - offset;
  const tag = number + 4 <= bytes.length ? formatTag(tagAt(bytes, number)) : undefined;
  if (cut && cut.end > source.size) {
    const missing = cut.end - source.size;
    const message = `${file}: ends at byte ${source.size}, inside element ${formatTag(cut.tag)} that begins at byte ${at}; ${missing} bytes are missing`;
    return new HounsfieldError("truncated", message, { file, offset: source.size, tag, got: missing });
  }
  const message = `${file}: no element begins at byte ${at}; what is before it has a wrong length, or bytes are lost`;
  return new HounsfieldError("malformed-dicom", message, { file, offset: at, tag });
}
