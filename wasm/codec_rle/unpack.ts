/** What `written` can say beside a count: a run would go beyond the plane. */
const OVERRUN: u32 = 0xffffffff;

/**
 * Decodes PackBits (PS3.5 G.3.2) from [src, end) to [dst, dst + count). Returns where in the input it stopped. `written` receives
 * the bytes written as u32: fewer than `count` where the input ends first, and OVERRUN where a run would go beyond `count`.
 * Bytes are moved 16 at a time: reads up to 16 bytes beyond `end`, writes up to 15 beyond `dst + count`.
 */
export function unpack(src: usize, end: usize, dst: usize, count: u32, written: usize): usize {
  const start = dst;
  const stop = dst + <usize>count;
  while (dst < stop && src + 1 < end) {
    const control = <i32>load<i8>(src);
    if (control == -128) {
      src++;
      continue;
    }
    // Literal or replicated is anybody's guess: -1 for a replicated byte, and no branch on it where runs are short.
    const replicated = control >> 31;
    const length = <usize>((control ^ replicated) - replicated + 1);
    const next = src + 2 + <usize>(control & ~replicated);
    if (next > end) break;
    if (dst + length > stop) {
      store<u32>(written, OVERRUN);
      return src;
    }
    const byte = v128.load8_splat(src, 1);
    v128.store(dst, v128.bitselect(byte, v128.load(src, 1), i8x16.splat(<i8>replicated)));
    if (length > 16) {
      if (replicated) for (let i: usize = 16; i < length; i += 16) v128.store(dst + i, byte);
      else for (let i: usize = 16; i < length; i += 16) v128.store(dst + i, v128.load(src + i, 1));
    }
    dst += length;
    src = next;
  }
  store<u32>(written, <u32>(dst - start));
  return src;
}
