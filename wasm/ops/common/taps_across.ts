/**
 * Weighted sums along y or z: the same weights for a whole row, so columns are vectors. A table entry is the
 * first tap, then `taps` weights. Rows of the source lie `step` bytes apart; sums in the order of the taps,
 * as shaders/common/resample_taps.wgsl has them.
 */

/** Four sums from column byte `x` on. */
// @ts-ignore: decorator
@inline
export function sum4(source: usize, step: usize, weights: usize, taps: u32): v128 {
  let sum = f32x4.mul(v128.load32_splat(weights), v128.load(source));
  for (let k: u32 = 1; k < taps; k++) {
    source += step;
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + (k << 2)), v128.load(source)));
  }
  return sum;
}

/** One sum. */
// @ts-ignore: decorator
@inline
export function sum1(source: usize, step: usize, weights: usize, taps: u32): f32 {
  let sum: f32 = load<f32>(weights) * load<f32>(source);
  for (let k: u32 = 1; k < taps; k++) {
    source += step;
    sum += load<f32>(weights + (k << 2)) * load<f32>(source);
  }
  return sum;
}

/** A row of sums plus `offset`, as f32. */
export function sum_row(
  source: usize,
  step: usize,
  weights: usize,
  taps: u32,
  columns: u32,
  offset: f32,
  out: usize,
): void {
  const more = f32x4.splat(offset);
  let x: usize = 0;
  const end: usize = columns << 2;
  if (taps == 4) {
    const a = v128.load32_splat(weights);
    const b = v128.load32_splat(weights + 4);
    const c = v128.load32_splat(weights + 8);
    const d = v128.load32_splat(weights + 12);
    for (; x + 16 <= end; x += 16) {
      const at = source + x;
      let sum = f32x4.add(f32x4.mul(a, v128.load(at)), f32x4.mul(b, v128.load(at + step)));
      sum = f32x4.add(sum, f32x4.mul(c, v128.load(at + 2 * step)));
      sum = f32x4.add(sum, f32x4.mul(d, v128.load(at + 3 * step)));
      v128.store(out + x, f32x4.add(sum, more));
    }
  } else {
    for (; x + 16 <= end; x += 16) {
      v128.store(out + x, f32x4.add(sum4(source + x, step, weights, taps), more));
    }
  }
  for (; x < end; x += 4) store<f32>(out + x, sum1(source + x, step, weights, taps) + offset);
}
