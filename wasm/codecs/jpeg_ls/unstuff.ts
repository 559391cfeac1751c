/**
 * Copies entropy-coded bytes [src, end) without their stuffing (after FF, the highest bit of the next byte,
 * T.87 A.1) and in reverse order: the first byte lands at top - 1, the next below it, so that an unaligned
 * little-endian load holds the bits of the stream in their order. Stops at a marker (FF before 80 to FF) or
 * at `end`. Returns where it stopped; `bits` receives the number of bits, u32. Reads below `end` only; leaves
 * 8 bytes of zeros below the last one written.
 */
export function unstuff(src: usize, end: usize, top: usize, bits: usize): usize {
  const stuffing = i8x16.splat(-1);
  // Bits not written yet: `count` below 8, from the highest on; the rest is 0. `out` is above the byte they
  // begin.
  let pending: u64 = 0;
  let count: u32 = 0;
  let out = top;
  while (true) {
    const keep = ~(<u64>0) >> count;
    for (; src + 16 <= end; src += 16, out -= 16) {
      const bytes = v128.load(src);
      if (v128.any_true(i8x16.eq(bytes, stuffing))) break;
      const reversed = v128.shuffle<u8>(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
      const first = rotr<u64>(<u64>i64x2.extract_lane(reversed, 1), count);
      const second = rotr<u64>(<u64>i64x2.extract_lane(reversed, 0), count);
      store<u64>(out - 8, pending | (first & keep));
      store<u64>(out - 16, (first & ~keep) | (second & keep));
      pending = second & ~keep;
    }
    for (; src < end && load<u8>(src) != 0xff; src++) {
      pending |= (<u64>load<u8>(src) << 56) >> count;
      store<u8>(--out, <u8>(pending >> 56));
      pending <<= 8;
    }
    if (src + 1 >= end || load<u8>(src, 1) > 0x7f) break;
    pending |= <u64>(0xff << 7 | <u32>load<u8>(src, 1)) << 49 >> count;
    store<u8>(--out, <u8>(pending >> 56));
    pending <<= 8;
    count += 7;
    if (count >= 8) {
      store<u8>(--out, <u8>(pending >> 56));
      pending <<= 8;
      count -= 8;
    }
    src += 2;
  }
  store<u64>(out - 8, pending);
  store<u64>(out - 16, 0);
  store<u32>(bits, (<u32>(top - out) << 3) + count);
  return src;
}
