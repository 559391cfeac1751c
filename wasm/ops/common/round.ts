/**
 * To the nearest, halves away from zero, as i32, as shaders/common/resample_round.wgsl has it: x - trunc(x)
 * cannot round.
 */
// @ts-ignore: decorator
@inline
export function round4(values: v128): v128 {
  const whole = f32x4.trunc(values);
  const far = f32x4.ge(f32x4.abs(f32x4.sub(values, whole)), f32x4.splat(0.5));
  const one = v128.or(f32x4.splat(1), v128.and(values, i32x4.splat(0x80000000)));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(whole, v128.and(one, far)));
}

/** Eight floats at `at` to int16, held within its range. */
// @ts-ignore: decorator
@inline
export function narrow8(low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_s(round4(low), round4(high));
}
