/**
 * Bits that index the fast table. Four symbols of at most 14 bits fit the 57 bits that one unaligned load
 * gives.
 */
export const FAST_BITS: u32 = 14;

/**
 * The difference that category `category` with `extra` as its additional bits stands for (T.81 H.1.2.2,
 * F.1.2.1).
 */
// @ts-ignore: decorator
@inline
export function difference(category: u32, extra: u32): u32 {
  if (category == 0) return 0;
  return extra >> (category - 1) ? extra : extra - (1 << category) + 1;
}

/**
 * Expands a Huffman table (16 counts, then the symbols, both u8, checked by the host) into
 * - `fast`: 2^14 u32, difference << 16 | bits of code and extra bits; 0: longer than 14 bits, or no code;
 * - `codes`: 2^16 u16, category << 8 | bits of the code alone; 0: no such code.
 * Returns the bits of the shortest symbol, extra bits included.
 */
export function build_tables(counts: usize, symbols: usize, fast: usize, codes: usize): u32 {
  memory.fill(fast, 0, 4 << FAST_BITS);
  memory.fill(codes, 0, 2 << 16);
  let code: u32 = 0;
  let shortest: u32 = 64;
  for (let length: u32 = 1; length <= 16; length++, code <<= 1) {
    for (let n = <u32>load<u8>(counts + length - 1); n > 0; n--, code++, symbols++) {
      const category = <u32>load<u8>(symbols);
      const entry = <u16>((category << 8) | length);
      const end = codes + (((code + 1) << (16 - length)) << 1);
      for (let p = codes + ((code << (16 - length)) << 1); p < end; p += 2) store<u16>(p, entry);
      const total = length + extra_bits(category);
      if (total < shortest) shortest = total;
      if (total <= FAST_BITS) fill_fast(fast, code, length, category);
    }
  }
  return shortest;
}

/** Category 16 is the difference 32768 alone: it has no extra bits (T.81 H.1.2.2). */
// @ts-ignore: decorator
@inline
export function extra_bits(category: u32): u32 {
  return category & 15;
}

function fill_fast(fast: usize, code: u32, length: u32, category: u32): void {
  const extra = extra_bits(category);
  const total = length + extra;
  const run = <usize>4 << (FAST_BITS - total);
  let p = fast + (<usize>code << (FAST_BITS - length + 2));
  for (let e: u32 = 0; e < 1 << extra; e++) {
    const value = category == 16 ? 0x8000 : difference(category, e);
    const entry = (value << 16) | total;
    const end = p + run;
    for (; p < end; p += 4) store<u32>(p, entry);
  }
}
