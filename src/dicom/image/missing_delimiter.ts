import type { ByteSource } from "../../core/byte_source.js";
import { kindOfStream } from "../../core/stream_kind.js";
import type { Fragment, Reader } from "./encapsulated_frames.js";

/** Zeros behind the last fragment are looked at in pieces of this size. */
const PIECE_BYTES = 65536;
/** An end marker may be followed by a few bytes of padding. */
const END_BYTES = 64;

/**
 * Whether compressed pixel data without a delimiter behind them (PS3.5 A.4) are whole all the same: the file
 * ends there, or has nothing but zeros, and the last code stream ends with its end marker (T.81 B.1.1.3,
 * T.800 A.4.4). RLE has none; its decoder asks for every byte.
 * @param at where the delimiter should be
 */
export async function areWholeWithoutDelimiter(
  source: ByteSource,
  read: Reader,
  at: number,
  fragments: readonly Fragment[],
): Promise<boolean> {
  const last = fragments.at(-1);
  if (!last) return false;
  for (let from = at; from < source.size; from += PIECE_BYTES) {
    const bytes = await read(from, Math.min(PIECE_BYTES, source.size - from));
    if (bytes.some((byte) => byte !== 0)) return false;
  }
  const [first] = fragments;
  const kind = kindOfStream(await read(first.offset, Math.min(first.length, END_BYTES)));
  const begins = await read(first.offset, Math.min(first.length, 2));
  // A marker of a code stream that ends with one: SOI or SOC.
  const hasEnd = begins[0] === 0xff && (begins[1] === 0xd8 || begins[1] === 0x4f);
  if (!hasEnd) return kind !== undefined;
  const length = Math.min(last.length, END_BYTES);
  const end = await read(last.offset + last.length - length, length);
  let behind = end.length;
  while (behind > 0 && end[behind - 1] === 0) behind--;
  return behind >= 2 && end[behind - 2] === 0xff && end[behind - 1] === 0xd9;
}
