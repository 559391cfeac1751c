/**
 * Copies entropy-coded bytes [src, end) without their stuffing (FF 00 becomes FF) and in reverse order: the
 * first byte lands at top - 1, the next below it. An unaligned little-endian load then holds the bits of the
 * stream in their order, which WebAssembly, having no byte swap, could not give otherwise. Stops at a marker
 * (FF and not 00) or at `end`. Returns where it stopped; `written` receives the number of bytes as u32. Reads
 * below `end` only; sets the 32 bytes below the last one written to FF.
 */
export function unstuff(src: usize, end: usize, top: usize, written: usize): usize {
  const stuffing = i8x16.splat(-1);
  let out = top;
  while (src + 16 <= end) {
    const bytes = v128.load(src);
    v128.store(
      out - 16,
      v128.shuffle<u8>(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    );
    const found = i8x16.bitmask(i8x16.eq(bytes, stuffing));
    if (!found) {
      src += 16;
      out -= 16;
      continue;
    }
    const plain = <usize>ctz(found);
    src += plain;
    out -= plain;
    if (src + 1 >= end || load<u8>(src, 1)) break;
    store<u8>(--out, 0xff);
    src += 2;
  }
  while (src < end) {
    const byte = load<u8>(src);
    if (byte != 0xff) {
      store<u8>(--out, byte);
      src++;
      continue;
    }
    if (src + 1 >= end || load<u8>(src, 1)) break;
    store<u8>(--out, 0xff);
    src += 2;
  }
  // What look-ups see past the end must not depend on the frame before: 1 bits, as the padding of a last
  // byte.
  v128.store(out - 16, stuffing);
  v128.store(out - 32, stuffing);
  store<u32>(written, <u32>(top - out));
  return src;
}
