import { window_at } from "../jpeg_lossless/differences";
import { END, any_entry, code_at, entry_at, fast_entry } from "./huffman";
import { BLOCK_BYTES } from "./sequential";

// The first scan of a coefficient (T.81 G.1.2.1, G.1.2.2), less its `low` lowest bits. Arguments and results
// as of `decode_sequential`.

export function decode_dc_first(top: usize, limit: u32, table: usize, blocks: usize, count: u32, low: u32): i32 {
  const end = blocks + <usize>count * BLOCK_BYTES;
  let bit: u32 = 0;
  let dc: u32 = 0;
  for (let block = blocks; block < end; block += BLOCK_BYTES) {
    const entry = entry_at(window_at(top, bit), table);
    if (!entry) return ~bit;
    dc += entry >> 16;
    store<u16>(block, <u16>(dc << low));
    bit += entry & 0x3f;
    if (bit > limit) return ~bit;
  }
  return bit;
}

/** Coefficients `first` to `last`, zero before. */
export function decode_ac_first(
  top: usize, limit: u32, table: usize, order: usize, blocks: usize, count: u32, first: u32, last: u32, low: u32,
): i32 {
  const end = blocks + <usize>count * BLOCK_BYTES;
  let bit: u32 = 0;
  for (let block = blocks; block < end; block += BLOCK_BYTES) {
    let k = first - 1;
    while (k < last) {
      const window = window_at(top, bit);
      let entry = fast_entry(window, table);
      if (!entry) {
        const ended = end_of_band(window, table);
        if (ended) {
          // So many blocks end here: this one and, without another bit, those after it.
          block += <usize>((ended >> 8) - 1) * BLOCK_BYTES;
          if (block >= end) return ~bit;
          bit += ended & 0xff;
          break;
        }
        entry = any_entry(window, table);
        if (!entry) return ~bit;
      }
      k += (entry >> 8) & 0xff;
      if (k > last && k < END) return ~bit;
      bit += entry & 0x3f;
      if (k >= END) break;
      store<u16>(block + (<usize>load<u8>(order + k) << 1), <u16>((entry >> 16) << low));
    }
    if (bit > limit) return ~bit;
  }
  return bit;
}

/**
 * Number of blocks << 8 | bits, where `window` begins with the end of that many bands (EOB0 to EOB14); else
 * 0.
 */
export function end_of_band(window: u64, table: usize): u32 {
  const code = code_at(window, table);
  const symbol = code >> 8;
  if (!code || symbol & 15 || symbol == 0xf0) return 0;
  const length = code & 0xff;
  const exponent = symbol >> 4;
  const extra = exponent ? <u32>((window << length) >> (64 - exponent)) : 0;
  return (((1 << exponent) + extra) << 8) | (length + exponent);
}
