// A bit position counts down: position >> 3 is the address whose eight bytes, the last one first, begin with
// the byte of the bit, and the low three bits are 7 for its highest bit. The first bit of a stream below
// `top` is at `top * 8 - 57`.

/** The bits from a position on, first one highest; at least 57 of them are valid. */
// @ts-ignore: decorator
@inline
export function window_at(position: u32): u64 {
  return load<u64>(position >> 3) << <u64>(~position & 7);
}

/**
 * The `count` bits from a position on, 0 to 32. The shift in two steps keeps `count` 0 from becoming a shift
 * by 64.
 */
// @ts-ignore: decorator
@inline
export function bits_at(position: u32, count: u32): u32 {
  return <u32>((window_at(position) >> 1) >> <u64>(63 - count));
}
