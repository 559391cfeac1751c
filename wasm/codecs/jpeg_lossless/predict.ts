/**
 * Differences to samples (T.81 table H.1), row after row, both u16 and dense, arithmetic modulo 2^16. `above`
 * is the row before the first one, or 0 at the start of a restart interval: that row is then predicted from
 * the left, its first sample from `initial`. Predictors 1 to 7. Rows are worked on in eights: `samples` needs
 * room for seven more.
 */
export function predict_rows(
  differences: usize, above: usize, samples: usize, rows: u32, columns: u32, predictor: u32, initial: u32,
): void {
  const pitch = <usize>columns << 1;
  for (let row: u32 = 0; row < rows; row++, differences += pitch, samples += pitch) {
    if (!above) from_left(differences, samples, pitch, <u16>initial);
    else if (predictor == 1) from_left(differences, samples, pitch, load<u16>(above));
    else if (predictor == 2) from_above(differences, above, samples, pitch);
    else if (predictor == 3) from_diagonal(differences, above, samples, pitch);
    else if (predictor == 4) from_plane(differences, above, samples, pitch);
    else if (predictor == 5) from_left_and_slope(differences, above, samples, pitch);
    else if (predictor == 6) from_above_and_slope(differences, above, samples, pitch);
    else from_mean(differences, above, samples, pitch);
    above = samples;
  }
}

/**
 * Sums of eight lanes up to and with each lane. Shifts of 64-bit halves cost less than shuffles with zero
 * lanes.
 */
// @ts-ignore: decorator
@inline
function prefix_sums(v: v128): v128 {
  v = i16x8.add(v, i64x2.shl(v, 16));
  v = i16x8.add(v, i64x2.shl(v, 32));
  const low = v128.shuffle<u16>(v, v, 3, 3, 3, 3, 3, 3, 3, 3);
  return i16x8.add(v, v128.and(low, i64x2(0, -1)));
}

// @ts-ignore: decorator
@inline
function last_lane(v: v128): v128 {
  return v128.shuffle<u16>(v, v, 7, 7, 7, 7, 7, 7, 7, 7);
}

/** 1: Ra. */
function from_left(differences: usize, samples: usize, bytes: usize, first: u16): void {
  let left = i16x8.splat(first);
  for (let x: usize = 0; x < bytes; x += 16) {
    const sums = prefix_sums(v128.load(differences + x));
    v128.store(samples + x, i16x8.add(left, sums));
    left = i16x8.add(left, last_lane(sums));
  }
}

/** 2: Rb. */
function from_above(differences: usize, above: usize, samples: usize, bytes: usize): void {
  for (let x: usize = 0; x < bytes; x += 16) {
    v128.store(samples + x, i16x8.add(v128.load(above + x), v128.load(differences + x)));
  }
}

/** The first sample of a row is predicted from above by every predictor but 1. */
// @ts-ignore: decorator
@inline
function first_from_above(differences: usize, above: usize): u16 {
  return <u16>(load<u16>(above) + load<u16>(differences));
}

/** 3: Rc. */
function from_diagonal(differences: usize, above: usize, samples: usize, bytes: usize): void {
  store<u16>(samples, first_from_above(differences, above));
  for (let x: usize = 2; x < bytes; x += 16) {
    v128.store(samples + x, i16x8.add(v128.load(above + x - 2), v128.load(differences + x)));
  }
}

/** 4: Ra + Rb - Rc. What a sample has over the one above it is the sum of the differences so far. */
function from_plane(differences: usize, above: usize, samples: usize, bytes: usize): void {
  let excess = i16x8.splat(0);
  for (let x: usize = 0; x < bytes; x += 16) {
    const sums = prefix_sums(v128.load(differences + x));
    v128.store(samples + x, i16x8.add(i16x8.add(excess, sums), v128.load(above + x)));
    excess = i16x8.add(excess, last_lane(sums));
  }
}

/** 5: Ra + ((Rb - Rc) >> 1). The rounded mean of b and ~c is ((b - c) >> 1) + 2^15, in 16 bits. */
function from_left_and_slope(differences: usize, above: usize, samples: usize, bytes: usize): void {
  const half = i16x8.splat(<i16>0x8000);
  const first = first_from_above(differences, above);
  store<u16>(samples, first);
  let left = i16x8.splat(first);
  for (let x: usize = 2; x < bytes; x += 16) {
    const slope = i16x8.avgr_u(v128.load(above + x), v128.not(v128.load(above + x - 2)));
    const step = i16x8.add(v128.xor(slope, half), v128.load(differences + x));
    const sums = prefix_sums(step);
    v128.store(samples + x, i16x8.add(left, sums));
    left = i16x8.add(left, last_lane(sums));
  }
}

/** 6: Rb + ((Ra - Rc) >> 1). */
function from_above_and_slope(differences: usize, above: usize, samples: usize, bytes: usize): void {
  let left = <i32>first_from_above(differences, above);
  store<u16>(samples, <u16>left);
  for (let x: usize = 2; x < bytes; x += 2) {
    const slope = (left - <i32>load<u16>(above + x - 2)) >> 1;
    left = (<i32>load<u16>(above + x) + slope + <i32>load<u16>(differences + x)) & 0xffff;
    store<u16>(samples + x, <u16>left);
  }
}

/** 7: (Ra + Rb) >> 1. */
function from_mean(differences: usize, above: usize, samples: usize, bytes: usize): void {
  let left = <u32>first_from_above(differences, above);
  store<u16>(samples, <u16>left);
  for (let x: usize = 2; x < bytes; x += 2) {
    left = (((left + load<u16>(above + x)) >> 1) + load<u16>(differences + x)) & 0xffff;
    store<u16>(samples + x, <u16>left);
  }
}
