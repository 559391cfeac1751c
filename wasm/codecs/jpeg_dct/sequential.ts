import { window_at } from "../jpeg_lossless/differences";
import { END, FAST_BITS, TABLE_BYTES, entry_at, fast_entry } from "./huffman";

/** Bytes of the coefficients of a block. */
export const BLOCK_BYTES: usize = 128;
/** No bit position: a block that could not be decoded. Positions are below 2^31. */
const FAILED: u32 = 0x80000000;

/**
 * Decodes `count` whole blocks from bit 0 of a segment of `limit` bits below `top` into zeroed `blocks`.
 * `tables` are the DC and the AC table; `order` gives the place in a block of each of 64 coefficients in
 * zigzag order, u8. Returns the bit after the last block; where no code matches, a run leaves its block or
 * the segment's bits are passed, the complement of the bit at which the symbol or the next block would have
 * started. Reads at most 256 bytes below the end of the segment.
 */
export function decode_sequential(
  top: usize, limit: u32, tables: usize, order: usize, blocks: usize, count: u32,
): i32 {
  const end = blocks + <usize>count * BLOCK_BYTES;
  let bit: u32 = 0;
  let dc: u32 = 0;
  for (let block = blocks; block < end; block += BLOCK_BYTES) {
    const entry = entry_at(window_at(top, bit), tables);
    if (!entry) return ~bit;
    dc += entry >> 16;
    store<u16>(block, <u16>dc);
    bit = decode_ac(top, bit + (entry & 0x3f), tables + TABLE_BYTES, order, block);
    if (bit & FAILED) return ~(bit ^ FAILED);
    if (bit > limit) return ~bit;
  }
  return bit;
}

/**
 * The 63 AC coefficients of a block (T.81 F.2.2.2); returns the bit after them, with FAILED set where a
 * symbol is wrong. Four symbols to a window, as long as the fast table has them: then only the end of a block
 * is hard to foresee for the processor.
 */
function decode_ac(top: usize, bit: u32, table: usize, order: usize, block: usize): u32 {
  let k: u32 = 0;
  while (true) {
    let window = window_at(top, bit);
    let entry = entry_at(window, table);
    if (!entry) return bit | FAILED;
    k += skip_of(entry);
    if (k >= 63) return end_block(bit, k, entry, order, block);
    put(k, entry, order, block);
    bit += entry & 0x3f;
    if ((entry & 0x3f) > FAST_BITS) continue;
    window <<= entry;

    entry = fast_entry(window, table);
    if (!entry) continue;
    k += skip_of(entry);
    if (k >= 63) return end_block(bit, k, entry, order, block);
    put(k, entry, order, block);
    bit += entry & 0x3f;
    window <<= entry;

    entry = fast_entry(window, table);
    if (!entry) continue;
    k += skip_of(entry);
    if (k >= 63) return end_block(bit, k, entry, order, block);
    put(k, entry, order, block);
    bit += entry & 0x3f;
    window <<= entry;

    entry = fast_entry(window, table);
    if (!entry) continue;
    k += skip_of(entry);
    if (k >= 63) return end_block(bit, k, entry, order, block);
    put(k, entry, order, block);
    bit += entry & 0x3f;
  }
}

// @ts-ignore: decorator
@inline
function skip_of(entry: u32): u32 {
  return (entry >> 8) & 0xff;
}

// @ts-ignore: decorator
@inline
function put(k: u32, entry: u32, order: usize, block: usize): void {
  store<u16>(block + (<usize>load<u8>(order + k) << 1), <u16>(entry >> 16));
}

/** The last symbol of a block: coefficient 63, or the end in so many words. */
// @ts-ignore: decorator
@inline
function end_block(bit: u32, k: u32, entry: u32, order: usize, block: usize): u32 {
  if (k > 63 && k < END) return bit | FAILED;
  if (k == 63) put(k, entry, order, block);
  return bit + (entry & 0x3f);
}
