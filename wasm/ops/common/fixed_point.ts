/**
 * Linear interpolation in integers, as shaders/resample/resample_linear_integer.wgsl has it, four lanes at a
 * time: fractions of 21 bits, values in 256ths of a HU, each product rounded once, halves upward.
 */

/** Of voxels, a fraction a lane. */
// @ts-ignore: decorator
@inline
export function mix_voxels(a: v128, b: v128, fractions: v128): v128 {
  const d = i32x4.sub(b, a);
  const low = i32x4.shr_s(i32x4.mul(d, v128.and(fractions, i32x4.splat(127))), 7);
  const scaled = i32x4.add(i32x4.add(i32x4.mul(d, i32x4.shr_u(fractions, 7)), low), i32x4.splat(32));
  return i32x4.add(i32x4.shl(a, 8), i32x4.shr_s(scaled, 6));
}

/** Of what `mix_voxels` or this made: one fraction for all, seven bits of it in each of three vectors. */
// @ts-ignore: decorator
@inline
export function mix_fixed(a: v128, b: v128, high: v128, middle: v128, low: v128): v128 {
  const d = i32x4.sub(b, a);
  const lowest = i32x4.shr_s(i32x4.mul(d, low), 7);
  const rest = i32x4.shr_s(i32x4.add(i32x4.mul(d, middle), lowest), 7);
  return i32x4.add(a, i32x4.shr_s(i32x4.add(i32x4.add(i32x4.mul(d, high), rest), i32x4.splat(64)), 7));
}

// @ts-ignore: decorator
@inline
export function high_bits(fraction: u32): v128 {
  return i32x4.splat(fraction >> 14);
}

// @ts-ignore: decorator
@inline
export function middle_bits(fraction: u32): v128 {
  return i32x4.splat((fraction >> 7) & 127);
}

// @ts-ignore: decorator
@inline
export function low_bits(fraction: u32): v128 {
  return i32x4.splat(fraction & 127);
}

/** To whole HU, halves away from zero. */
// @ts-ignore: decorator
@inline
export function round_fixed(values: v128): v128 {
  const biased = i32x4.add(i32x4.add(values, i32x4.splat(128)), i32x4.shr_s(values, 31));
  return i32x4.shr_s(biased, 8);
}
