import type { ByteSource } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import { HounsfieldError } from "../core/errors.js";
import { malformedArchive, unsupportedArchive } from "./archive_error.js";
import { zipName } from "./file_names.js";

/**
 * One file of a zip, as the central directory has it: sizes there are true also where the local header leaves
 * them to a data descriptor.
 */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of its local header in the archive. */
  readonly headerOffset: number;
}

const END_BYTES = 22;
const END_64_BYTES = 56;
const LOCATOR_64_BYTES = 20;
const ENTRY_BYTES = 46;
const LONGEST_COMMENT = 65535;
/** Half a million files with names of 80 letters. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;

/**
 * The files of a zip (PKWARE APPNOTE 6.3) by its central directory, folders left out; zip64, and archives
 * behind other bytes, are read. Of two members with one name the later counts, as unpacking would have it.
 * Nothing but the directory is read.
 * @throws HounsfieldError `malformed-archive`; `unsupported-archive` for several volumes; `limit-exceeded`;
 * `io`
 */
export async function readZipDirectory(source: ByteSource, encoding?: string): Promise<readonly ZipMember[]> {
  const end = await findEnd(source);
  if (end.size > MAX_DIRECTORY_BYTES) {
    const message = `${source.name}: its directory has ${end.size} bytes; accepted are ${MAX_DIRECTORY_BYTES}`;
    const fields = { file: source.name, got: end.size, accepted: MAX_DIRECTORY_BYTES };
    throw new HounsfieldError("limit-exceeded", message, fields);
  }
  // What stands before the archive (a program that unpacks it) is not counted by its offsets.
  const shift = end.offset - end.size - end.start;
  if (shift < 0) throw malformedArchive(source.name, "its directory goes beyond its end", { got: end });
  const bytes = await readExactly(source, end.start + shift, end.offset);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let count = 0; count < end.entries; count++) {
    const { member, next } = readEntry(bytes, at, source.name, shift, encoding);
    if (!member.name.endsWith("/") && member.name !== "") members.set(member.name, member);
    at = next;
  }
  return [...members.values()];
}

interface End {
  readonly entries: number;
  /** Of the central directory, as the archive counts. */
  readonly start: number;
  readonly size: number;
  /** Where the directory ends in the file. */
  readonly offset: number;
}

async function findEnd(source: ByteSource): Promise<End> {
  const tailStart = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT - LOCATOR_64_BYTES);
  const tail = await readExactly(source, tailStart, source.size);
  const view = new DataView(tail.buffer);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) > tail.length) continue;
    return readEnd(source, view, at, tailStart);
  }
  const message = "is a zip without its end, where its list of files is: its copy was not completed";
  throw malformedArchive(source.name, message, { offset: source.size });
}

async function readEnd(source: ByteSource, view: DataView, at: number, tailStart: number): Promise<End> {
  const end = {
    disk: view.getUint16(at + 4, true),
    entries: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
    offset: tailStart + at,
  };
  const is64 = end.entries === 0xffff || end.size === 0xffffffff || end.start === 0xffffffff;
  const locator = at - LOCATOR_64_BYTES;
  if (is64 && locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
    return readEnd64(source, safe(view, locator + 8, source.name), tailStart + locator);
  }
  if (end.disk !== 0) throw unsupportedArchive(source.name, "is one of several volumes of a zip");
  return end;
}

async function readEnd64(source: ByteSource, stated: number, locatorOffset: number): Promise<End> {
  // Just before its locator where it has no extensible data, wherever the archive itself begins.
  const offset = locatorOffset - END_64_BYTES;
  for (const from of new Set([stated, offset])) {
    if (from < 0 || from + END_64_BYTES > source.size) continue;
    const view = new DataView((await readExactly(source, from, from + END_64_BYTES)).buffer);
    if (view.getUint32(0, true) !== 0x06064b50) continue;
    if (view.getUint32(16, true) !== 0)
      throw unsupportedArchive(source.name, "is one of several volumes of a zip");
    const [entries, size, start] = [32, 40, 48].map((at) => safe(view, at, source.name));
    return { entries, size, start, offset: from };
  }
  throw malformedArchive(source.name, "has no zip64 end where it says", { offset: stated });
}

function readEntry(bytes: Uint8Array, at: number, file: string, shift: number, encoding?: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = at + ENTRY_BYTES <= bytes.length && view.getUint32(at, true) === 0x02014b50;
  const [nameLength, extraLength, commentLength] = isWhole
    ? [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    : [0, 0, 0];
  const nameEnd = at + ENTRY_BYTES + nameLength;
  const next = nameEnd + extraLength + commentLength;
  if (!isWhole || next > bytes.length)
    throw malformedArchive(file, `its directory breaks off at entry byte ${at}`);
  const flags = view.getUint16(at + 8, true);
  const extras = extraFields(bytes.subarray(nameEnd, nameEnd + extraLength));
  const [size, compressedSize, headerOffset] = sizesOf(view, at, extras.get(1), file);
  const member: ZipMember = {
    name: zipName(bytes.subarray(at + ENTRY_BYTES, nameEnd), (flags & 0x800) !== 0, extras, encoding),
    method: view.getUint16(at + 10, true),
    isEncrypted: (flags & 1) !== 0,
    crc32: view.getUint32(at + 16, true),
    compressedSize,
    size,
    headerOffset: headerOffset + shift,
  };
  return { member, next };
}

/** In the zip64 extra field stand, in this order, those that are all ones in the entry. */
function sizesOf(view: DataView, at: number, zip64: Uint8Array | undefined, file: string): number[] {
  let used = 0;
  return [24, 20, 42].map((offset) => {
    const value = view.getUint32(at + offset, true);
    if (value !== 0xffffffff || !zip64) return value;
    if (used + 8 > zip64.length)
      throw malformedArchive(file, `its directory has no zip64 size at entry byte ${at}`);
    used += 8;
    return safe(new DataView(zip64.buffer, zip64.byteOffset, zip64.byteLength), used - 8, file);
  });
}

function extraFields(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at + 2, true);
    fields.set(view.getUint16(at, true), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

function safe(view: DataView, at: number, file: string): number {
  const value = Number(view.getBigUint64(at, true));
  if (Number.isSafeInteger(value)) return value;
  throw malformedArchive(file, `its directory has a size of ${value} bytes`);
}
