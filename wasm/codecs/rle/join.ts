/**
 * Byte planes to what leaves the decoder: 16 bits, rows `pitch` values apart, the values that pad a row 0.
 * The bytes of `high` and `low` (`high` 0: there are only low ones), dense, make a sample; it is shifted by
 * `right` (HighBit above BitsStored), cut to `mask`, extended from the bit `sign` (0: unsigned), then times
 * `slope` plus `intercept`, modulo 2^16: exact where the true value fits int16. `range`, two i32, receives
 * the smallest and the largest value before slope and intercept.
 */
export function join_rows(
  high: usize, low: usize, dst: usize, rows: u32, columns: u32, pitch: u32,
  right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize,
): void {
  store<i32>(range, i32.MAX_VALUE);
  store<i32>(range, i32.MIN_VALUE, 4);
  const dense = pitch == columns;
  const count = dense ? rows * columns : columns;
  for (let row: u32 = dense ? rows - 1 : 0; row < rows; row++) {
    if (high) join_two(high, low, dst, count, right, mask, sign, slope, intercept, range);
    else join_one(high, low, dst, count, right, mask, sign, slope, intercept, range);
    if (high) high += columns;
    low += columns;
    for (let x = columns; x < pitch; x++) store<u16>(dst + (<usize>x << 1), 0);
    dst += <usize>pitch << 1;
  }
}

function join_two(
  high: usize, low: usize, dst: usize, count: u32,
  right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize,
): void {
  join(high, low, dst, count, right, mask, sign, slope, intercept, range, true);
}

function join_one(
  high: usize, low: usize, dst: usize, count: u32,
  right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize,
): void {
  join(high, low, dst, count, right, mask, sign, slope, intercept, range, false);
}

// @ts-ignore: decorator
@inline
function join(
  high: usize, low: usize, dst: usize, count: u32,
  right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize, two: bool,
): void {
  // Sample to value is `(sample & mask ^ turn) + shift`, with a turn that puts the values in their order as
  // signed numbers.
  const turn = sign == 0 ? 0x8000 : sign == 0x8000 ? 0 : sign;
  const shift: i32 = sign == 0 ? 0x8000 : -<i32>turn;
  const masks = i16x8.splat(<i16>mask);
  const turns = i16x8.splat(<i16>turn);
  const slopes = i16x8.splat(<i16>slope);
  const offsets = i16x8.splat(<i16>(shift * slope + intercept));
  const zero = i16x8.splat(0);
  let lows = i16x8.splat(0x7fff);
  let highs = i16x8.splat(<i16>0x8000);
  const end = low + <usize>count;
  for (; low + 16 <= end; low += 16, dst += 32) {
    const l = v128.load(low);
    let h = zero;
    if (two) {
      h = v128.load(high);
      high += 16;
    }
    let a = v128.shuffle<u8>(l, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    let b = v128.shuffle<u8>(l, h, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    if (right) {
      a = i16x8.shr_u(a, right);
      b = i16x8.shr_u(b, right);
    }
    a = v128.xor(v128.and(a, masks), turns);
    b = v128.xor(v128.and(b, masks), turns);
    lows = i16x8.min_s(lows, i16x8.min_s(a, b));
    highs = i16x8.max_s(highs, i16x8.max_s(a, b));
    v128.store(dst, i16x8.add(i16x8.mul(a, slopes), offsets));
    v128.store(dst, i16x8.add(i16x8.mul(b, slopes), offsets), 16);
  }
  let least = load<i32>(range);
  let most = load<i32>(range, 4);
  if (count >= 16) {
    least = min(least, lowest(lows) + shift);
    most = max(most, ~lowest(v128.not(highs)) + shift);
  }
  for (; low < end; low++, dst += 2) {
    let sample = <u32>load<u8>(low);
    if (two) sample |= <u32>load<u8>(high++) << 8;
    const value = <i32>(((sample >> right) & mask) ^ sign) - <i32>sign;
    least = min(least, value);
    most = max(most, value);
    store<u16>(dst, <u16>(value * slope + intercept));
  }
  store<i32>(range, least);
  store<i32>(range, most, 4);
}

function lowest(v: v128): i32 {
  v = i16x8.min_s(v, v128.shuffle<u16>(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
  v = i16x8.min_s(v, v128.shuffle<u16>(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  return min(<i32>i16x8.extract_lane_s(v, 0), <i32>i16x8.extract_lane_s(v, 1));
}
