/**
 * Clips `count` 16-bit samples in place to `least` .. `most`: as two's complement where `signed`, else as
 * unsigned numbers.
 */
export function clip_samples(samples: usize, count: u32, least: i32, most: i32, signed: bool): void {
  const lows = i16x8.splat(<i16>least);
  const highs = i16x8.splat(<i16>most);
  const end = samples + (<usize>count << 1);
  if (signed) {
    for (; samples + 16 <= end; samples += 16) {
      v128.store(samples, i16x8.max_s(i16x8.min_s(v128.load(samples), highs), lows));
    }
    for (; samples < end; samples += 2) store<i16>(samples, <i16>max(least, min(most, <i32>load<i16>(samples))));
  } else {
    for (; samples + 16 <= end; samples += 16) {
      v128.store(samples, i16x8.max_u(i16x8.min_u(v128.load(samples), highs), lows));
    }
    for (; samples < end; samples += 2) store<u16>(samples, <u16>max(least, min(most, <i32>load<u16>(samples))));
  }
}
