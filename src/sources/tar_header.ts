import { malformedArchive } from "./archive_error.js";
import { unmarkedName } from "./file_names.js";

/** Everything in a tar is in blocks of this size. */
export const TAR_BLOCK_BYTES = 512;

/**
 * A header block of a tar: POSIX ustar, GNU's, or the plain one of before (pax(1), "ustar Interchange
 * Format").
 */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** "0" file, "5" folder, "x" and "g" pax records, "L" GNU long name, ... */
  readonly type: string;
}

/** Whether a block is a header, by its checksum: old tars have nothing else to know them by. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK_BYTES || block[0] === 0) return false;
  const stated = octal(block, 148, 156);
  let sum = 8 * 32;
  for (let i = 0; i < TAR_BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += block[i];
  return stated === sum;
}

/** @throws HounsfieldError `malformed-archive` */
export function parseTarHeader(block: Uint8Array, file: string, offset: number): TarHeader {
  if (!isTarHeader(block)) {
    throw malformedArchive(file, `its member at byte ${offset} has a wrong checksum: it is damaged`, {
      offset,
    });
  }
  const size = block[124] & 0x80 ? base256(block, 124, 136) : octal(block, 124, 136);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw malformedArchive(file, `its member at byte ${offset} has no valid size`, { offset });
  }
  const isUstar = String.fromCharCode(...block.subarray(257, 263)) === "ustar\0";
  const name = textBytes(block, 0, 100);
  const prefix = isUstar ? textBytes(block, 345, 500) : new Uint8Array(0);
  const whole = prefix.length === 0 ? name : Uint8Array.from([...prefix, 0x2f, ...name]);
  return { name: unmarkedName(whole), size, type: String.fromCharCode(block[156] || 0x30) };
}

/**
 * Records of a pax header: "LENGTH KEY=VALUE\n", the length counting all of it, values in UTF-8.
 * @throws HounsfieldError `malformed-archive`
 */
export function parsePaxRecords(bytes: Uint8Array, file: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, Math.max(at, space))));
    const record = decoder.decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (!(length > 3) || at + length > bytes.length || equals < 1) {
      throw malformedArchive(file, "has a pax header that breaks its own lengths");
    }
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Up to the first NUL. */
export function textBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const field = bytes.subarray(start, end);
  const zero = field.indexOf(0);
  return zero === -1 ? field : field.subarray(0, zero);
}

function octal(block: Uint8Array, start: number, end: number): number {
  const text = String.fromCharCode(...textBytes(block, start, end)).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || "0", 8) : Number.NaN;
}

/** GNU's way to sizes of 8 GB and more: the first bit set, then a big-endian number. */
function base256(block: Uint8Array, start: number, end: number): number {
  let value = block[start] & 0x7f;
  for (let i = start + 1; i < end; i++) value = value * 256 + block[i];
  return value;
}
