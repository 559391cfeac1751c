import type { ByteSource } from "../core/byte_source.js";
import type { Control } from "../core/control.js";
import { crc32 } from "../core/crc_32.js";
import { isHounsfieldError } from "../core/errors.js";
import { inflateSteps } from "../dicom/syntax/inflate.js";
import { malformedArchive } from "./archive_error.js";
import { gzipHeaderBytes, MOST_HEADER_BYTES, TRAILER_BYTES } from "./gzip_header.js";
import { createPieceReader, type PieceReader } from "./piece_reader.js";

/**
 * What a gzip file holds, in chunks: of all its members one after the other, as bgzip, pigz and
 * `cat a.gz b.gz` write them. Each is checked against its CRC-32 and its length; zeros behind one are
 * padding.
 *
 * By our own DEFLATE, since DecompressionStream refuses what follows the first member everywhere but in Node
 * 20 and 22.
 * @throws HounsfieldError `malformed-archive` with the offset; `io`; the signal's reason
 */
export async function* gzipChunks(
  source: ByteSource,
  control: Control,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = createPieceReader(source, control);
  for (let at: number | undefined = 0; at !== undefined; ) {
    const end: number = yield* member(source.name, reader, at);
    at = await nextMember(reader, end);
  }
}

/** One member, from `start` on; gives where it ends. */
async function* member(
  file: string,
  reader: PieceReader,
  start: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, number, undefined> {
  const first = start + (await headerBytes(file, reader, start));
  const inflating = inflated(file, reader, first);
  let crc = 0;
  let length = 0;
  let step = await inflating.next();
  for (; !step.done; step = await inflating.next()) {
    crc = crc32(step.value, crc);
    length += step.value.length;
    yield step.value;
  }
  const offset = step.value;
  const trailer = await reader.bytes(offset, TRAILER_BYTES);
  if (trailer.length < TRAILER_BYTES) throw brokenOff(file, offset + trailer.length);
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_BYTES);
  // Lengths are kept modulo 2^32.
  if (view.getUint32(4, true) !== length >>> 0 || view.getUint32(0, true) !== crc) {
    const what = `is damaged: what it holds up to byte ${offset} does not match its checksum and length`;
    throw malformedArchive(file, what, { offset });
  }
  return offset + TRAILER_BYTES;
}

async function headerBytes(file: string, reader: PieceReader, start: number): Promise<number> {
  for (let wanted = 512; ; wanted *= 2) {
    const bytes = await reader.bytes(start, wanted);
    const found = gzipHeaderBytes(bytes);
    if (typeof found === "number") return found;
    if (found === "none") {
      const what = start === 0 ? "has no gzip header" : `has something other than gzip at byte ${start}`;
      throw malformedArchive(file, what, { offset: start });
    }
    if (bytes.length < wanted) throw brokenOff(file, start + bytes.length);
    if (wanted > MOST_HEADER_BYTES)
      throw malformedArchive(file, "has a gzip header without end", { offset: start });
  }
}

/** DEFLATE from `start` on; gives where it ends. */
async function* inflated(
  file: string,
  reader: PieceReader,
  start: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, number, undefined> {
  const steps = inflateSteps();
  let fed = start;
  let input: Uint8Array | undefined;
  for (;;) {
    let step: ReturnType<typeof steps.next>;
    try {
      step = steps.next(input);
    } catch (cause) {
      if (!isHounsfieldError(cause)) throw cause;
      const offset = start + (cause.fields.offset ?? 0);
      if (cause.code === "truncated") throw brokenOff(file, offset, cause);
      throw malformedArchive(file, `is damaged near byte ${offset}`, { offset }, cause);
    }
    input = undefined;
    if (step.done) return start + step.value;
    if (step.value !== "more") yield step.value;
    else {
      const piece = await reader.piece(fed);
      fed += piece.length;
      if (piece.length > 0) input = piece;
    }
  }
}

/**
 * Where the next member begins, behind zeros, which tapes and some writers fill up with; undefined where
 * there is none.
 */
async function nextMember(reader: PieceReader, from: number): Promise<number | undefined> {
  for (let at = from; ; ) {
    const piece = await reader.piece(at);
    if (piece.length === 0) return undefined;
    const zeros = piece.findIndex((byte) => byte !== 0);
    if (zeros >= 0) return at + zeros;
    at += piece.length;
  }
}

function brokenOff(file: string, offset: number, cause?: unknown) {
  return malformedArchive(file, `breaks off at byte ${offset}, inside of its gzip`, { offset }, cause);
}
