// Used by: src/ops/filter/gradient_magnitude.ts
import { gradient_row } from "../common/gradient";

/** CPU body of shaders/filter/gradient_magnitude_float.wgsl: HU per mm to f32, rows dense. Split: z. */
export function gradient_magnitude_float(
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
): void {
  const source = hu + (source_word << 2);
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const out = gradient + ((out_word + (z * rows + y) * columns) << 2);
      gradient_row(source, columns, rows, slices, source_slice, y, z_first + z, per_mm_x, per_mm_y, per_mm_z, out);
    }
  }
}
