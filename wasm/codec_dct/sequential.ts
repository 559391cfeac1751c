import { windowAt } from "../codec/differences";
import { END, FAST_BITS, TABLE_BYTES, WINDOW_BITS, anyEntry, entryAt, fastEntry } from "./huffman";

/** Bytes of the coefficients of a block. */
export const BLOCK_BYTES: usize = 128;
/** Most bits of a symbol with its value. */
const LONGEST: u32 = 16 + 15;
/** No bit position: a block that could not be decoded. Positions are below 2^31. */
const FAILED: u32 = 0x80000000;

/**
 * Decodes `count` whole blocks from bit 0 of a segment of `limit` bits below `top` into zeroed `blocks`. `tables` are the DC and the AC
 * table; `order` gives the place in a block of each of 64 coefficients in zigzag order, u8.
 * Returns the bit after the last block; where no code matches, a run leaves its block or the segment's bits are passed, the complement
 * of the bit at which the symbol or the next block would have started. Reads at most 256 bytes below the end of the segment.
 */
export function decodeSequential(
  top: usize, limit: u32, tables: usize, order: usize, blocks: usize, count: u32,
): i32 {
  const end = blocks + <usize>count * BLOCK_BYTES;
  let bit: u32 = 0;
  let dc: u32 = 0;
  for (let block = blocks; block < end; block += BLOCK_BYTES) {
    const entry = entryAt(windowAt(top, bit), tables);
    if (!entry) return ~bit;
    dc += entry >> 16;
    store<u16>(block, <u16>dc);
    bit = decodeAc(top, bit + (entry & 0x3f), tables + TABLE_BYTES, order, block);
    if (bit & FAILED) return ~(bit ^ FAILED);
    if (bit > limit) return ~bit;
  }
  return bit;
}

/** The 63 AC coefficients of a block (T.81 F.2.2.2); returns the bit after them, with FAILED set where a symbol is wrong. */
// @ts-ignore: decorator
@inline
function decodeAc(top: usize, bit: u32, table: usize, order: usize, block: usize): u32 {
  let k: u32 = 0;
  while (k < 63) {
    let window = windowAt(top, bit);
    let used: u32 = 0;
    while (k < 63 && used <= WINDOW_BITS - FAST_BITS) {
      let entry = fastEntry(window, table);
      if (!entry) {
        if (used > WINDOW_BITS - LONGEST) break;
        entry = anyEntry(window, table);
        if (!entry) return (bit + used) | FAILED;
      }
      const bits = entry & 0x3f;
      k += (entry >> 8) & 0xff;
      if (k > 63) return k >= END ? bit + used + bits : (bit + used) | FAILED;
      store<u16>(block + (<usize>load<u8>(order + k) << 1), <u16>(entry >> 16));
      window <<= bits;
      used += bits;
    }
    bit += used;
  }
  return bit;
}
