/** What `written` can say beside a count. */
const OVERRUN: u32 = 0xffffffff;

/**
 * Decodes PackBits (PS3.5 G.3.2) from [src, end) to [dst, dst + count). Returns where in the input it
 * stopped. `written` receives the bytes written as u32: fewer than `count` where the input ends first, and
 * OVERRUN where a run would go beyond `count`. Bytes are moved 16 at a time: reads up to 15 bytes beyond
 * `end`, writes up to 15 beyond `dst + count`.
 */
export function unpack(src: usize, end: usize, dst: usize, count: u32, written: usize): usize {
  const start = dst;
  const stop = dst + <usize>count;
  while (dst < stop && src + 1 < end) {
    const control = <i32>load<i8>(src);
    if (control >= 0) {
      const length = <usize>(control + 1);
      const next = src + 1 + length;
      if (next > end) break;
      if (dst + length > stop) return overrun(src, written);
      v128.store(dst, v128.load(src, 1));
      for (let i: usize = 16; i < length; i += 16) v128.store(dst + i, v128.load(src + i, 1));
      dst += length;
      src = next;
    } else if (control != -128) {
      const length = <usize>(1 - control);
      if (dst + length > stop) return overrun(src, written);
      const bytes = v128.load8_splat(src, 1);
      v128.store(dst, bytes);
      for (let i: usize = 16; i < length; i += 16) v128.store(dst + i, bytes);
      dst += length;
      src += 2;
    } else {
      src++;
    }
  }
  store<u32>(written, <u32>(dst - start));
  return src;
}

function overrun(src: usize, written: usize): usize {
  store<u32>(written, OVERRUN);
  return src;
}
