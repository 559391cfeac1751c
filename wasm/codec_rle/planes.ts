/** Bytes of the most and of the least significant plane to u16 samples. Works in sixteens: room for 15 more on both sides. */
export function joinPlanes(high: usize, low: usize, samples: usize, count: u32): void {
  for (const end = high + <usize>count; high < end; high += 16, low += 16, samples += 32) {
    const h = v128.load(high);
    const l = v128.load(low);
    v128.store(samples, v128.shuffle<u8>(l, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(samples, v128.shuffle<u8>(l, h, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
}

/** Bytes to u16 samples; as `joinPlanes` with a high plane of zeros. */
export function widenPlane(low: usize, samples: usize, count: u32): void {
  for (const end = low + <usize>count; low < end; low += 8, samples += 16) {
    v128.store(samples, v128.load8x8_u(low));
  }
}
