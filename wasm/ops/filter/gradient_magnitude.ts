// Used by: src/ops/filter/gradient_magnitude.ts
import { gradient_row } from "../common/gradient";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/filter/gradient_magnitude.wgsl: HU per mm to int16, rounded to the nearest and held at
 * 32767. Split: z.
 */
export function gradient_magnitude(
  columns: u32,
  rows: u32,
  slices: u32,
  z_first: u32,
  source_slice: u32,
  source_word: u32,
  out_word: u32,
  per_mm_x: f32,
  per_mm_y: f32,
  per_mm_z: f32,
  hu: usize,
  gradient: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const source = hu + (source_word << 2);
  const out_bytes = volume_row_bytes(columns);
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      gradient_row(source, columns, rows, slices, source_slice, y, z_first + z, per_mm_x, per_mm_y, per_mm_z, scratch);
      if (columns & 1) store<f32>(scratch + (columns << 2), 0);
      round_row(scratch, out_bytes >> 1, gradient + ((out_word << 2) + (z * rows + y) * out_bytes));
    }
  }
}

export function gradient_magnitude_scratch(columns: u32): usize {
  return <usize>((columns + 8) << 2);
}

function round_row(row: usize, columns: u32, out: usize): void {
  const most = f32x4.splat(32767);
  const half = f32x4.splat(0.5);
  for (let x: u32 = 0; x < columns; x += 4) {
    const four = f32x4.add(f32x4.min(v128.load(row + (x << 2)), most), half);
    const whole = i32x4.trunc_sat_f32x4_s(four);
    const narrow = i16x8.narrow_i32x4_s(whole, whole);
    if (x + 4 <= columns) v128.store64_lane(out + (x << 1), narrow, 0);
    else v128.store32_lane(out + (x << 1), narrow, 0);
  }
}
