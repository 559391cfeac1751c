/** The bits of the reversed stream under `top` from bit `bit` on, first bit highest; at least 57 of them are valid. */
// @ts-ignore: decorator
@inline
export function windowAt(top: usize, bit: u32): u64 {
  return load<u64>(top - 8 - <usize>(bit >> 3)) << (bit & 7);
}

/** The `count` bits from bit `bit` on, 0 to 32. The shift in two steps keeps `count` 0 from becoming a shift by 64. */
// @ts-ignore: decorator
@inline
export function bitsAt(top: usize, bit: u32, count: u32): u32 {
  return <u32>((windowAt(top, bit) >> 1) >> (63 - count));
}
