import { BLOCK_BYTES } from "./sequential";

// The inverse DCT in 32-bit floats, by the flow graph of Arai, Agui and Nakajima (1988): 5 multiplications
// for 8 points, the rest of the scaling being in the quantization table. Its error, some 2^-20 of the range,
// is far below one gray level: the result is the ideal one of T.81 A.3.3, rounded to nearest. Four columns at
// a time, in a scratch of 8 rows of 8 f32.

const ROW: usize = 32;
/** v + 2^23 has v, rounded to an integer, in its low bits. */
const ROUNDER: f32 = 8388608;

/**
 * Dequantizes and transforms a row of `count` blocks to samples (u16, rows `pitch` bytes apart), clamped to 0
 * .. `most`. In a block, coefficients lie transposed: those of one horizontal frequency together. `scales`,
 * 64 f32 in that order, is the quantization table times the scale factors of the flow graph; `level` is added
 * to each sample; `scratch` has 256 bytes.
 */
export function reconstruct_row(
  blocks: usize, count: u32, scales: usize, scratch: usize, samples: usize, pitch: usize, level: f32, most: f32,
): void {
  for (let n: u32 = 0; n < count; n++, blocks += BLOCK_BYTES, samples += 16) {
    if (has_only_dc(blocks)) {
      fill(<f32>load<i16>(blocks) * load<f32>(scales) + level, samples, pitch, most);
      continue;
    }
    dequantize(blocks, scales, scratch);
    store<f32>(scratch, load<f32>(scratch) + level);
    transform(scratch);
    transform(scratch + 16);
    transpose(scratch);
    transform(scratch);
    transform(scratch + 16);
    store_samples(scratch, samples, pitch, most);
  }
}

// @ts-ignore: decorator
@inline
function has_only_dc(block: usize): bool {
  const first = v128.load(block);
  const rest = i16x8.replace_lane(first, 0, 0);
  const a = v128.or(v128.or(rest, v128.load(block, 16)), v128.or(v128.load(block, 32), v128.load(block, 48)));
  const b = v128.or(
    v128.or(v128.load(block, 64), v128.load(block, 80)),
    v128.or(v128.load(block, 96), v128.load(block, 112)),
  );
  return !v128.any_true(v128.or(a, b));
}

function fill(value: f32, samples: usize, pitch: usize, most: f32): void {
  const v = i16x8.splat(<i16>nearest<f32>(max<f32>(0, min<f32>(value, most))));
  for (let y = 0; y < 8; y++, samples += pitch) v128.store(samples, v);
}

// @ts-ignore: decorator
@inline
function dequantize(block: usize, scales: usize, scratch: usize): void {
  for (let p: usize = 0; p < BLOCK_BYTES; p += 8) {
    const quantized = f32x4.convert_i32x4_s(v128.load16x4_s(block + p));
    v128.store(scratch + p * 2, f32x4.mul(quantized, v128.load(scales + p * 2)));
  }
}

/** Eight points down each of four columns, in place. */
// @ts-ignore: decorator
@inline
function transform(p: usize): void {
  const in0 = v128.load(p);
  const in2 = v128.load(p, 2 * ROW);
  const in4 = v128.load(p, 4 * ROW);
  const in6 = v128.load(p, 6 * ROW);
  const s04 = f32x4.add(in0, in4);
  const d04 = f32x4.sub(in0, in4);
  const s26 = f32x4.add(in2, in6);
  const d26 = f32x4.sub(times(f32x4.sub(in2, in6), 1.414213562373095), s26);
  const e0 = f32x4.add(s04, s26);
  const e3 = f32x4.sub(s04, s26);
  const e1 = f32x4.add(d04, d26);
  const e2 = f32x4.sub(d04, d26);

  const in1 = v128.load(p, ROW);
  const in3 = v128.load(p, 3 * ROW);
  const in5 = v128.load(p, 5 * ROW);
  const in7 = v128.load(p, 7 * ROW);
  const s53 = f32x4.add(in5, in3);
  const d53 = f32x4.sub(in5, in3);
  const s17 = f32x4.add(in1, in7);
  const d17 = f32x4.sub(in1, in7);
  const turned = times(f32x4.add(d53, d17), 1.847759065022573);
  const o0 = f32x4.add(s17, s53);
  const o1 = f32x4.sub(f32x4.sub(turned, times(d53, 2.613125929752753)), o0);
  const o2 = f32x4.sub(times(f32x4.sub(s17, s53), 1.414213562373095), o1);
  const o3 = f32x4.sub(f32x4.sub(turned, times(d17, 1.082392200292394)), o2);

  v128.store(p, f32x4.add(e0, o0));
  v128.store(p, f32x4.add(e1, o1), ROW);
  v128.store(p, f32x4.add(e2, o2), 2 * ROW);
  v128.store(p, f32x4.add(e3, o3), 3 * ROW);
  v128.store(p, f32x4.sub(e3, o3), 4 * ROW);
  v128.store(p, f32x4.sub(e2, o2), 5 * ROW);
  v128.store(p, f32x4.sub(e1, o1), 6 * ROW);
  v128.store(p, f32x4.sub(e0, o0), 7 * ROW);
}

// @ts-ignore: decorator
@inline
function times(v: v128, factor: f32): v128 {
  return f32x4.mul(v, f32x4.splat(factor));
}

/** The 8 x 8 square, by its four quarters; the two off the diagonal change places. */
// @ts-ignore: decorator
@inline
function transpose(p: usize): void {
  transpose_quarters(p, p);
  transpose_quarters(p + 16, p + 4 * ROW);
  transpose_quarters(p + 4 * ROW + 16, p + 4 * ROW + 16);
}

/** Exchanges two quarters, each transposed; they may be one. */
// @ts-ignore: decorator
@inline
function transpose_quarters(p: usize, q: usize): void {
  const a = v128.load(p);
  const b = v128.load(p, ROW);
  const c = v128.load(p, 2 * ROW);
  const d = v128.load(p, 3 * ROW);
  if (p != q) store_transposed(v128.load(q), v128.load(q, ROW), v128.load(q, 2 * ROW), v128.load(q, 3 * ROW), p);
  store_transposed(a, b, c, d, q);
}

// @ts-ignore: decorator
@inline
function store_transposed(a: v128, b: v128, c: v128, d: v128, p: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(p, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(p, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), ROW);
  v128.store(p, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), 2 * ROW);
  v128.store(p, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), 3 * ROW);
}

// @ts-ignore: decorator
@inline
function store_samples(scratch: usize, samples: usize, pitch: usize, most: f32): void {
  const high = f32x4.splat(most);
  for (let y = 0; y < 8; y++, scratch += ROW, samples += pitch) {
    const left = rounded(v128.load(scratch), high);
    const right = rounded(v128.load(scratch, 16), high);
    v128.store(samples, i16x8.narrow_i32x4_u(left, right));
  }
}

// @ts-ignore: decorator
@inline
function rounded(v: v128, most: v128): v128 {
  const rounder = f32x4.splat(ROUNDER);
  const clamped = f32x4.pmax(f32x4.splat(0), f32x4.pmin(most, v));
  return v128.xor(f32x4.add(clamped, rounder), rounder);
}
