import type { ByteSource, Extent } from "../../core/byte_source.js";
import { kindOfStream } from "../../core/stream_kind.js";
import { ITEM, tagAt } from "../syntax/elements.js";
import type { Reader } from "./encapsulated_frames.js";

/** An end marker may be followed by a few bytes of padding. */
const END_BYTES = 64;

/**
 * Whether compressed pixel data without a delimiter behind them (PS3.5 A.4) are whole all the same: no
 * further item begins there, and the last code stream ends with its end marker (T.81 B.1.1.3, T.800 A.4.4).
 * What stands in the delimiter's place, a part of it, zeros, a newline, the next element, says nothing of
 * them. RLE has no end marker; its decoder asks for every byte. Whether there are as many frames as declared
 * is asked after this.
 * @param at where the delimiter should be
 */
export async function areWholeWithoutDelimiter(
  source: ByteSource,
  read: Reader,
  at: number,
  fragments: readonly Extent[],
): Promise<boolean> {
  const last = fragments.at(-1);
  if (!last) return false;
  const next = await read(at, Math.min(4, Math.max(0, source.size - at)));
  // A further item that is cut, or has no length.
  if (next.length === 4 && tagAt(next, 0) === ITEM) return false;
  const [first] = fragments;
  const begins = await read(first.offset, Math.min(first.length, END_BYTES));
  // A marker of a code stream that ends with one: SOI or SOC.
  const hasEnd = begins[0] === 0xff && (begins[1] === 0xd8 || begins[1] === 0x4f);
  if (!hasEnd) return kindOfStream(begins) !== undefined;
  const length = Math.min(last.length, END_BYTES);
  const end = await read(last.offset + last.length - length, length);
  let behind = end.length;
  while (behind > 0 && end[behind - 1] === 0) behind--;
  return behind >= 2 && end[behind - 2] === 0xff && end[behind - 1] === 0xd9;
}
