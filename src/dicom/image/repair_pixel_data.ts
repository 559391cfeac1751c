import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { syntaxOfStream } from "../../core/stream_kind.js";
import { type DataElement, ITEM, ITEM_HEADER_BYTES, SEQUENCE_DELIMITER, tagAt } from "../syntax/elements.js";
import type { DicomDataSet } from "../syntax/read_data_set.js";
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, isNative } from "../syntax/transfer_syntax.js";
import { startsStream } from "./group_fragments.js";

/** What begins a code stream is in the first bytes of its first fragment. */
const STREAM_BYTES = 4096;
/** With an application segment of full length before its frame header (T.81 B.2.4.6). */
const LONG_START_BYTES = 2 ** 17;
/** More items are not followed to find what stands behind them. */
const MOST_ITEMS = 4096;

/**
 * Pixel data and transfer syntax that contradict each other (PS3.5 A.4): items in an uncompressed one, plain
 * samples in a compressed one. The bytes say which it is, and the code stream what it is.
 */
export async function settleEncapsulation(head: DicomDataSet, pixelData: DataElement) {
  const { source, transferSyntax, encoding } = head;
  const { offset, length } = pixelData;
  const start = await readExactly(source, offset, Math.min(source.size, offset + ITEM_HEADER_BYTES));
  const beginsWithItem = start.length === ITEM_HEADER_BYTES && tagAt(start, 0) === ITEM;
  const isEncapsulated = length === -1 || (beginsWithItem && !isNative(transferSyntax));
  const unchanged = { transferSyntax, isEncapsulated, diagnostics: [] };
  if (isEncapsulated === !isNative(transferSyntax)) {
    return length === -1 || !isEncapsulated
      ? unchanged
      : {
          ...unchanged,
          diagnostics: [
            contradicted(source, "compressed pixel data have a defined length; they were read as items"),
          ],
        };
  }
  if (!isEncapsulated) {
    if (transferSyntax === GE_PRIVATE) return { ...unchanged, ...asGeWrites(source) };
    // No code stream begins like this, or it would not be one.
    const stream = await readExactly(source, offset, Math.min(source.size, offset + STREAM_BYTES));
    if (encoding.bigEndian || syntaxOfStream(stream) !== undefined || !COMPRESSED.test(transferSyntax))
      return unchanged;
    const message = `transfer syntax ${transferSyntax} is declared, but the pixel data are not compressed; read as they are`;
    return {
      transferSyntax: EXPLICIT_LITTLE_ENDIAN,
      isEncapsulated,
      diagnostics: [contradicted(source, message)],
    };
  }
  const stream = await firstFragment(source, offset, LONG_START_BYTES);
  const seen = stream && syntaxOfStream(stream.bytes);
  if (seen === undefined) return unchanged;
  const message = `transfer syntax ${transferSyntax} is declared, but the pixel data are compressed; read as ${seen}, which the code stream is`;
  return { transferSyntax: seen, isEncapsulated, diagnostics: [contradicted(source, message)] };
}

/**
 * GE's private syntax: implicit little endian, but for pixel data, which are big endian (as GDCM reads it; GE
 * says so in no public document).
 */
const GE_PRIVATE = "1.2.840.113619.5.2";

function asGeWrites({ name }: ByteSource) {
  const message = `GE's private transfer syntax ${GE_PRIVATE}: an implicit little endian data set with big-endian pixel data`;
  const diagnostic: Diagnostic = {
    severity: "warning",
    code: "private-transfer-syntax",
    message,
    files: [name],
  };
  return { transferSyntax: EXPLICIT_BIG_ENDIAN, diagnostics: [diagnostic] };
}

/** Encapsulated Uncompressed (PS3.5 A.4.11) too. */
const COMPRESSED = /^1\.2\.840\.10008\.1\.2\.(4\..*|5|1\.98)$/;

function contradicted({ name }: ByteSource, message: string): Diagnostic {
  return { severity: "warning", code: "transfer-syntax-contradicted", message, files: [name] };
}

/** The first bytes of the first code stream; where there is no offset table, it is in the first item. */
export async function firstFragment(
  source: ByteSource,
  offset: number,
  most = STREAM_BYTES,
): Promise<{ readonly bytes: Uint8Array; readonly isFirstItem: boolean } | undefined> {
  let isFirstItem = true;
  for await (const { at, length } of items(source, offset)) {
    const bytes = await readExactly(source, at, Math.min(source.size, at + Math.min(length, most)));
    if (length > 0 && (!isFirstItem || startsStream(bytes))) return { bytes, isFirstItem };
    isFirstItem = false;
  }
  return undefined;
}

/** Behind the delimiter of compressed pixel data; undefined where it is not found. */
export async function endOfFragments(source: ByteSource, offset: number): Promise<number | undefined> {
  let end = offset;
  let count = 0;
  for await (const { at, length } of items(source, offset)) {
    end = at + length;
    if (count++ > MOST_ITEMS) return undefined;
  }
  if (end + ITEM_HEADER_BYTES > source.size) return undefined;
  const bytes = await readExactly(source, end, end + ITEM_HEADER_BYTES);
  return tagAt(bytes, 0) === SEQUENCE_DELIMITER ? end + ITEM_HEADER_BYTES : undefined;
}

async function* items(source: ByteSource, offset: number) {
  for (let at = offset; at + ITEM_HEADER_BYTES <= source.size; ) {
    const bytes = await readExactly(source, at, at + ITEM_HEADER_BYTES);
    if (tagAt(bytes, 0) !== ITEM) return;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    at += ITEM_HEADER_BYTES;
    if (at + length > source.size) return;
    yield { at, length };
    at += length;
  }
}
