import { FAST_BITS, difference, extra_bits } from "./huffman_tables";

/**
 * The bits of the reversed stream under `top` from bit `bit` on, first bit highest; at least 57 of them are
 * valid.
 */
// @ts-ignore: decorator
@inline
export function window_at(top: usize, bit: u32): u64 {
  return load<u64>(top - 8 - <usize>(bit >> 3)) << (bit & 7);
}

/**
 * Entry of the fast table for the first bits of `window`. Its low six bits are a shift count: the rest need
 * no mask there.
 */
// @ts-ignore: decorator
@inline
export function fast_entry(window: u64, fast: usize): u32 {
  return load<u32>(fast + (<usize>(window >> (64 - FAST_BITS)) << 2));
}

/**
 * Any symbol, by its code alone: difference << 16 | bits used, as in the fast table; 0 where no code matches.
 */
export function any_symbol(window: u64, codes: usize): u32 {
  const entry = <u32>load<u16>(codes + (<usize>(window >> 48) << 1));
  if (!entry) return 0;
  const length = entry & 0xff;
  const category = entry >> 8;
  if (category == 16) return 0x80000000 | length;
  const extra = category ? <u32>((window << length) >> (64 - category)) : 0;
  return (difference(category, extra) << 16) | (length + extra_bits(category));
}

/**
 * Decodes `count` differences (u16, modulo 2^16) from bit `bit` of the stream to `dst`, which has room for
 * three more. Returns the bit after the last one; where no code matches or the stream's `limit` bits are
 * passed, the complement of the bit at which it stopped. Reads at most 32 bytes below the end of the stream.
 */
export function decode_run(
  top: usize, bit: u32, limit: u32, fast: usize, codes: usize, dst: usize, count: u32,
): i32 {
  const end = dst + (<usize>count << 1);
  while (dst < end) {
    if (bit > limit) return ~bit;
    let window = window_at(top, bit);
    const a = fast_entry(window, fast);
    window <<= a;
    const b = fast_entry(window, fast);
    window <<= b;
    const c = fast_entry(window, fast);
    window <<= c;
    const d = fast_entry(window, fast);
    store<u16>(dst, <u16>(a >> 16));
    store<u16>(dst, <u16>(b >> 16), 2);
    store<u16>(dst, <u16>(c >> 16), 4);
    store<u16>(dst, <u16>(d >> 16), 6);
    // An entry 0 leaves the window as it is, so all later ones of the four are 0 too: testing the last tests
    // all.
    if (d && dst + 8 <= end) {
      bit += (a + b + c + d) & 0xff;
      dst += 8;
      continue;
    }
    const one = a ? a : any_symbol(window_at(top, bit), codes);
    if (!one) return ~bit;
    store<u16>(dst, <u16>(one >> 16));
    bit += one & 0xff;
    dst += 2;
  }
  return bit > limit ? ~bit : bit;
}
