// Used by: src/ops/filter/gaussian.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/filter/gaussian_x.wgsl: f32 along x, rounded to int16 HU; the row is copied with its
 * edges repeated. Split: z.
 */
export function gaussian_x(
  columns: u32,
  rows: u32,
  radius: u32,
  first_weight: u32,
  out_word: u32,
  source: usize,
  weights: usize,
  filtered: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const out_bytes = volume_row_bytes(columns);
  const taps = weights + (first_weight << 2);
  for (let row = from * rows; row < to * rows; row++) {
    pad_row(source + row * (out_bytes << 1), columns, radius, scratch);
    const out = filtered + ((out_word << 2) + row * out_bytes);
    for (let x: u32 = 0; x < out_bytes >> 1; x += 4) {
      let sum = f32x4.splat(0);
      for (let j: u32 = 0; j <= 2 * radius; j++) {
        const four = v128.load(scratch + ((x + j) << 2));
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(taps + (j << 2)), four));
      }
      const half = v128.or(f32x4.splat(0.5), v128.and(sum, i32x4.splat(0x80000000)));
      const whole = i32x4.trunc_sat_f32x4_s(f32x4.add(sum, half));
      const four = i16x8.narrow_i32x4_s(whole, whole);
      if (x + 4 <= out_bytes >> 1) v128.store64_lane(out + (x << 1), four, 0);
      else v128.store32_lane(out + (x << 1), four, 0);
    }
  }
}

export function gaussian_x_scratch(columns: u32, radius: u32): usize {
  return <usize>((columns + 2 * radius + 16) << 2);
}

/** What is beyond the last column repeats it, four voxels further than any tap that is kept. */
function pad_row(source: usize, columns: u32, radius: u32, out: usize): void {
  const first = load<f32>(source);
  const last = load<f32>(source + ((columns - 1) << 2));
  for (let i: u32 = 0; i < radius; i++) store<f32>(out + (i << 2), first);
  memory.copy(out + (radius << 2), source, columns << 2);
  for (let i = radius + columns; i < columns + 2 * radius + 8; i++) store<f32>(out + (i << 2), last);
}
