/**
 * Samples of a code stream (u16, dense rows) to what leaves the decoder (16 bits, rows `pitch` values apart):
 * shifted left by `left` (the point transform), then right by `right` (HighBit above BitsStored), cut to
 * `mask`, extended from the bit `sign` (0: unsigned), then times `slope` plus `intercept`, modulo 2^16: exact
 * where the true value fits int16. `range`, two i32, is lowered and raised to the smallest and largest value
 * before slope and intercept.
 */
export function pack_rows(
  samples: usize, dst: usize, rows: u32, columns: u32, pitch: u32,
  left: u32, right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize,
): void {
  if (pitch == columns) {
    pack_run(samples, dst, rows * columns, left, right, mask, sign, slope, intercept, range);
    return;
  }
  for (let row: u32 = 0; row < rows; row++) {
    pack_run(samples, dst, columns, left, right, mask, sign, slope, intercept, range);
    for (let x = columns; x < pitch; x++) store<u16>(dst + (<usize>x << 1), 0);
    samples += <usize>columns << 1;
    dst += <usize>pitch << 1;
  }
}

function pack_run(
  samples: usize, dst: usize, count: u32,
  left: u32, right: u32, mask: u32, sign: u32, slope: i32, intercept: i32, range: usize,
): void {
  // Unsigned values are compared as signed ones, lowered by 2^15.
  const bias: i32 = sign ? 0 : 0x8000;
  const shifts = left | right;
  const masks = i16x8.splat(<i16>mask);
  const signs = i16x8.splat(<i16>sign);
  const biases = i16x8.splat(<i16>bias);
  const slopes = i16x8.splat(<i16>slope);
  const intercepts = i16x8.splat(<i16>intercept);
  let lows = i16x8.splat(0x7fff);
  let highs = i16x8.splat(<i16>0x8000);
  let low = load<i32>(range);
  let high = load<i32>(range, 4);

  const end = samples + (<usize>count << 1);
  for (; samples + 16 <= end; samples += 16, dst += 16) {
    let v = v128.load(samples);
    if (shifts) v = i16x8.shr_u(i16x8.shl(v, left), right);
    v = i16x8.sub(v128.xor(v128.and(v, masks), signs), signs);
    const compared = v128.xor(v, biases);
    lows = i16x8.min_s(lows, compared);
    highs = i16x8.max_s(highs, compared);
    v128.store(dst, i16x8.add(i16x8.mul(v, slopes), intercepts));
  }
  for (; samples < end; samples += 2, dst += 2) {
    const sample = ((<u32>load<u16>(samples) << left) & 0xffff) >> right;
    const value = <i32>((sample & mask) ^ sign) - <i32>sign;
    low = min(low, value);
    high = max(high, value);
    store<u16>(dst, <u16>(value * slope + intercept));
  }
  if (count >= 8) {
    low = min(low, lowest(lows) + bias);
    high = max(high, highest(highs) + bias);
  }
  store<i32>(range, low);
  store<i32>(range, high, 4);
}

function lowest(v: v128): i32 {
  v = i16x8.min_s(v, v128.shuffle<u16>(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
  v = i16x8.min_s(v, v128.shuffle<u16>(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  return min(<i32>i16x8.extract_lane_s(v, 0), <i32>i16x8.extract_lane_s(v, 1));
}

function highest(v: v128): i32 {
  v = i16x8.max_s(v, v128.shuffle<u16>(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
  v = i16x8.max_s(v, v128.shuffle<u16>(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  return max(<i32>i16x8.extract_lane_s(v, 0), <i32>i16x8.extract_lane_s(v, 1));
}
