import { deflateRawSync } from "node:zlib";
import { joined } from "./dicom_file.js";

/** Zip files byte by byte (APPNOTE 6.3), for tests of reading: also what a proper writer would not write. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly method?: number;
  /** Bit 11: the name is UTF-8. Default true. */
  readonly isUtf8?: boolean;
  readonly isEncrypted?: boolean;
  /** Sizes and CRC-32 behind the data, zeros before it, as writers of streams do. */
  readonly hasDescriptor?: boolean;
  /** Sizes and offsets in the zip64 extra field. */
  readonly isZip64?: boolean;
  /** In place of the true ones. */
  readonly crc32?: number;
  readonly size?: number;
  readonly extra?: Uint8Array;
}

export interface ZipParts {
  /** Bytes before the archive that its offsets do not count. */
  readonly before?: Uint8Array;
  readonly comment?: string;
  readonly isZip64?: boolean;
}

export function zipFile(
  entries: readonly ZipEntry[],
  { before, comment = "", isZip64 }: ZipParts = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const push = (bytes: Uint8Array) => {
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const entry of entries) {
    const { hasDescriptor, isZip64: is64, extra = new Uint8Array(0) } = entry;
    const data = entry.method === 0 ? entry.bytes : deflateRawSync(entry.bytes);
    const name = typeof entry.name === "string" ? new TextEncoder().encode(entry.name) : entry.name;
    const flags =
      (entry.isUtf8 === false ? 0 : 0x800) | (hasDescriptor ? 8 : 0) | (entry.isEncrypted ? 1 : 0);
    const crc = entry.crc32 ?? plainCrc32(entry.bytes);
    const size = entry.size ?? entry.bytes.length;
    const common = [u16(45), u16(flags), u16(entry.method ?? 8), u32(0)];
    const headerOffset = offset;
    const sizes = hasDescriptor ? [u32(0), u32(0), u32(0)] : [u32(crc), u32(data.length), u32(size)];
    // A local extra field of its own length: where the data begin is not to be told from the directory.
    const localExtra = Uint8Array.of(0x99, 0x99, 2, 0, 1, 2);
    push(joined([u32(0x04034b50), ...common, ...sizes, u16(name.length), u16(6), name, localExtra]));
    push(data);
    if (hasDescriptor) push(joined([u32(0x08074b50), u32(crc), u32(data.length), u32(size)]));
    const zip64 = joined([u16(1), u16(24), u64(size), u64(data.length), u64(headerOffset)]);
    const extras = joined([...(is64 ? [zip64] : []), extra]);
    const shown = is64 ? [u32(0xffffffff), u32(0xffffffff)] : [u32(data.length), u32(size)];
    const tail = [u16(name.length), u16(extras.length), u16(0), u16(0), u16(0), u32(0)];
    const at = u32(is64 ? 0xffffffff : headerOffset);
    directory.push(
      joined([u32(0x02014b50), u16(45), ...common, u32(crc), ...shown, ...tail, at, name, extras]),
    );
  }
  const start = offset;
  const list = joined(directory);
  push(list);
  const count = entries.length;
  if (isZip64) {
    const end = [
      u64(44),
      u16(45),
      u16(45),
      u32(0),
      u32(0),
      u64(count),
      u64(count),
      u64(list.length),
      u64(start),
    ];
    const endOffset = offset;
    push(joined([u32(0x06064b50), ...end]));
    push(joined([u32(0x07064b50), u32(0), u64(endOffset), u32(1)]));
  }
  const counts = isZip64 ? [u16(0xffff), u16(0xffff)] : [u16(count), u16(count)];
  const where = isZip64 ? [u32(0xffffffff), u32(0xffffffff)] : [u32(list.length), u32(start)];
  const note = new TextEncoder().encode(comment);
  push(joined([u32(0x06054b50), u16(0), u16(0), ...counts, ...where, u16(note.length), note]));
  return joined([before ?? new Uint8Array(0), ...parts]);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

function u64(value: number): Uint8Array {
  return joined([u32(value >>> 0), u32(Math.floor(value / 2 ** 32))]);
}

/** Bit by bit, as ISO 3309 has it. */
export function plainCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
