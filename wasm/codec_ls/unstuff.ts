/**
 * Copies entropy-coded bytes [src, end) without their stuffing (after FF, the highest bit of the next byte, T.87 A.1) and in reverse order:
 * the first byte lands at top - 1, the next below it, so that an unaligned little-endian load holds the bits of the stream in their order.
 * Stops at a marker (FF before 80 to FF) or at `end`. Returns where it stopped; `bits` receives the number of bits as u32.
 * Reads below `end` only; may scribble 16 bytes below the last one written.
 */
export function unstuff(src: usize, end: usize, top: usize, bits: usize): usize {
  const stuffing = i8x16.splat(-1);
  // Bits not written yet, fewer than 8, highest first; `out` is where the byte they begin goes.
  let pending: u64 = 0;
  let count: u64 = 0;
  let out = top;
  while (src + 16 <= end) {
    const bytes = v128.load(src);
    const found = i8x16.bitmask(i8x16.eq(bytes, stuffing));
    if (found) break;
    src += 16;
  }
  store<u32>(bits, <u32>((top - out) << 3) + <u32>count);
  return src;
}
