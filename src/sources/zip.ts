import type { ByteSource, Extent } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import { crc32 } from "../core/crc_32.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { malformedArchive, unsupportedArchive } from "./archive_error.js";
import { inflateExtent } from "./inflate_range.js";
import { createSequentialReader, type SequentialReader } from "./sequential_reader.js";
import { readZipDirectory, type ZipMember } from "./zip_directory.js";

/**
 * Zip, read where it lies: the central directory, then of each member only the bytes asked for. Ours because
 * the packages for it read members whole (a header is 16 KB of a file's 500) or from a Node stream, and none
 * checks what a small file promises before it takes memory for it; DEFLATE was here already.
 */

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
/** Reads that end here inflate no further: a DICOM header is looked at in windows of 16 KB. */
const PREFIX_BYTES = 64 * 1024;
const PREFIX_CHUNK_BYTES = 16 * 1024;
/** Input for one such chunk at the least, so that most headers take one read. */
const PREFIX_PIECE_BYTES = 36 * 1024;
/**
 * A member up to this size is inflated whole, checked, and kept until the memory is wanted elsewhere; a
 * larger one is read from front to back.
 */
const KEPT_BYTES = 16 * 2 ** 20;
const PIECE_BYTES = 512 * 1024;
/** DEFLATE's best is 258 bytes for 2 bits. */
const MOST_FROM_A_BYTE = 1032;

/**
 * The files of a zip as sources, named "archive/member". Each read goes to the archive: memory does not grow
 * with it. Stored and deflated members are read; a deflated one is checked against its CRC-32 whenever it is
 * inflated to its end, a stored one is not.
 * @param encoding of names that say nothing of theirs; see zipName
 * @throws HounsfieldError `malformed-archive`, `unsupported-archive`, `limit-exceeded`, `io`; reading a
 * member: the same
 */
export async function zipSources(source: ByteSource, encoding?: string): Promise<ByteSource[]> {
  const members = await readZipDirectory(source, encoding);
  const sequential = createSequentialReader();
  return members.map((member) => memberSource(source, member, sequential));
}

function memberSource(archive: ByteSource, member: ZipMember, sequential: SequentialReader): ByteSource {
  const name = `${archive.name}/${member.name}`;
  let extent: Promise<Extent> | undefined;
  const locate = () =>
    (extent ??= dataExtent(archive, member, name).catch((error: unknown) => {
      extent = undefined;
      throw error;
    }));
  const readInflated = inflatingReader(archive, member, name, sequential);
  return {
    name,
    size: member.size,
    async read(start, end) {
      refuseUnreadable(member, name);
      const from = Math.min(start, member.size);
      const to = Math.max(from, Math.min(end, member.size));
      const data = await locate();
      if (member.method === STORED) return readExactly(archive, data.offset + from, data.offset + to);
      return inTermsOf(name, readInflated(data, from, to));
    },
  };
}

function refuseUnreadable({ isEncrypted, method, size, compressedSize }: ZipMember, name: string): void {
  if (isEncrypted) throw unsupportedArchive(name, "is encrypted; unpack the archive with its password first");
  if (method !== STORED && method !== DEFLATED) {
    const message = `is compressed by method ${method}; only stored and deflated members are read`;
    throw unsupportedArchive(name, message, { got: method, accepted: [STORED, DEFLATED] });
  }
  const most = method === STORED ? compressedSize : compressedSize * MOST_FROM_A_BYTE;
  if (size > most || (method === STORED && size !== compressedSize)) {
    throw malformedArchive(name, `claims ${size} bytes, but is packed in ${compressedSize}`, { got: size });
  }
}

/** The local header is read for its length only, which may differ from the directory's. */
async function dataExtent(archive: ByteSource, member: ZipMember, name: string): Promise<Extent> {
  const { headerOffset, compressedSize } = member;
  const end = headerOffset + LOCAL_HEADER_BYTES;
  const header = end <= archive.size ? await readExactly(archive, headerOffset, end) : new Uint8Array(0);
  const view = new DataView(header.buffer);
  if (header.length === 0 || view.getUint32(0, true) !== 0x04034b50) {
    throw malformedArchive(name, `is not where the directory of ${archive.name} says`, {
      offset: headerOffset,
    });
  }
  const offset = end + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + compressedSize > archive.size) {
    throw malformedArchive(name, `goes on after the end of ${archive.name}`, { offset: archive.size });
  }
  return { offset, length: compressedSize };
}

type ReadInflated = (data: Extent, start: number, end: number) => Promise<Uint8Array>;

function inflatingReader(
  archive: ByteSource,
  member: ZipMember,
  name: string,
  sequential: SequentialReader,
): ReadInflated {
  let kept: WeakRef<Uint8Array> | undefined;
  let inflating: Promise<Uint8Array> | undefined;
  return async (data, start, end) => {
    const present = kept?.deref();
    if (present) return present.slice(start, end);
    if (end <= PREFIX_BYTES && member.size > PREFIX_BYTES) {
      const chunks = inflateExtent(archive, data, PREFIX_PIECE_BYTES, PREFIX_CHUNK_BYTES);
      return (await gather(chunks, end, name)).slice(start);
    }
    if (member.size > KEPT_BYTES) {
      const chunks = () => checked(inflateExtent(archive, data, PIECE_BYTES), member, name);
      return sequential.read(member, chunks, start, end);
    }
    inflating ??= gather(checked(inflateExtent(archive, data, PIECE_BYTES), member, name), member.size, name);
    try {
      const whole = await inflating;
      kept = new WeakRef(whole);
      return whole.slice(start, end);
    } finally {
      inflating = undefined;
    }
  };
}

/** The first `count` bytes of `chunks`. */
async function gather(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  count: number,
  name: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let at = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, count - at);
    bytes.set(part, at);
    at += part.length;
    if (at === count) return bytes;
  }
  if (at === count) return bytes;
  throw malformedArchive(name, `inflates to ${at} bytes where more are declared`, {
    got: at,
    accepted: count,
  });
}

/** The same chunks; the last one is given only when size and CRC-32 of all are what the directory says. */
async function* checked(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  member: ZipMember,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  let crc = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (held) yield held;
    size += chunk.length;
    if (size > member.size) {
      throw malformedArchive(name, `inflates to more than the ${member.size} bytes declared`, {
        accepted: member.size,
      });
    }
    crc = crc32(chunk, crc);
    held = chunk;
  }
  if (size !== member.size || crc !== member.crc32) {
    const message = `inflates to ${size} bytes with another checksum than the archive has for its ${member.size}: it is damaged`;
    throw malformedArchive(name, message, { got: crc, accepted: member.crc32 });
  }
  if (held) yield held;
}

/** DEFLATE's own refusals, of the archive's member. */
async function inTermsOf<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isHounsfieldError(error, "malformed-dicom") && !isHounsfieldError(error, "truncated")) throw error;
    if (error.fields.file !== undefined) throw error;
    throw new HounsfieldError(
      "malformed-archive",
      `${name}: ${error.message}`,
      { ...error.fields, file: name },
      error,
    );
  }
}
