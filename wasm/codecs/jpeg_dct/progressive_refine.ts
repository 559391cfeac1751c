import { window_at } from "../jpeg_lossless/differences";
import { code_at } from "./huffman";
import { end_of_band } from "./progressive_first";
import { BLOCK_BYTES } from "./sequential";

// One more bit, the one of weight 2^low, of coefficients of which all higher bits are known (T.81 G.1.2.1,
// G.1.2.3). Arguments and results as of `decode_sequential`.

export function decode_dc_refine(top: usize, limit: u32, blocks: usize, count: u32, low: u32): i32 {
  if (count > limit) return ~limit;
  for (let bit: u32 = 0; bit < count; bit++, blocks += BLOCK_BYTES) {
    store<u16>(blocks, load<u16>(blocks) | <u16>(bit_at(top, bit) << low));
  }
  return count;
}

export function decode_ac_refine(
  top: usize, limit: u32, table: usize, order: usize, blocks: usize, count: u32, first: u32, last: u32, low: u32,
): i32 {
  const end = blocks + <usize>count * BLOCK_BYTES;
  const weight = 1 << <i32>low;
  let bit: u32 = 0;
  let ending: u32 = 0; // blocks whose band has ended, this one included
  for (let block = blocks; block < end; block += BLOCK_BYTES) {
    let k = first;
    while (!ending && k <= last) {
      const window = window_at(top, bit);
      const ended = end_of_band(window, table);
      if (ended) {
        ending = ended >> 8;
        bit += ended & 0xff;
        break;
      }
      const code = code_at(window, table);
      const size = (code >> 8) & 15;
      if (!code || size > 1) return ~bit;
      const sign = <u32>((window << (code & 0xff)) >> 63);
      bit += (code & 0xff) + size;
      // The run counts coefficients that are still zero; the others on the way get their bit.
      const stop = refine_band(top, bit, order, block, k, last, code >> 12, low);
      k = stop & 0xff;
      bit += stop >> 8;
      // A new coefficient or 16 zeros that have no place in the band.
      if (k > last) return ~bit;
      if (size) store<i16>(block + (<usize>load<u8>(order + k) << 1), <i16>(sign ? weight : -weight));
      k++;
    }
    if (ending) {
      bit += refine_band(top, bit, order, block, k, last, 64, low) >> 8;
      ending--;
    }
    if (bit > limit) return ~bit;
  }
  return ending ? ~bit : bit;
}

/**
 * Passes over coefficients from `k` on and refines those that are not zero, until it stands on a zero with
 * `run` zeros passed, or beyond `last`. Returns the bits used << 8 | where it stands.
 */
function refine_band(
  top: usize, bit: u32, order: usize, block: usize, k: u32, last: u32, run: u32, low: u32,
): u32 {
  let used: u32 = 0;
  for (; k <= last; k++) {
    const place = block + (<usize>load<u8>(order + k) << 1);
    const value = <i32>load<i16>(place);
    if (value) {
      const more = <i32>(bit_at(top, bit + used++) << low);
      store<i16>(place, <i16>(value < 0 ? value - more : value + more));
    } else {
      if (!run) break;
      run--;
    }
  }
  return (used << 8) | k;
}

// @ts-ignore: decorator
@inline
function bit_at(top: usize, bit: u32): u32 {
  return (<u32>load<u8>(top - 1 - <usize>(bit >> 3)) >> (7 - (bit & 7))) & 1;
}
