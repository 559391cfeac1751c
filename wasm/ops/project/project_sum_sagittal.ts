// Used by: src/ops/project/project_rays.ts
import { volume_row_bytes } from "../common/rows";

/** CPU body of shaders/project/project_sum_sagittal.wgsl: sums along x, eight columns a step. Split: y. */
export function project_sum_sagittal(
  columns: u32,
  rows: u32,
  first_column: u32,
  end_column: u32,
  first_word: u32,
  out_pixel: u32,
  hu: usize,
  sums: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const out_row = rows + (rows & 1);
  const count = end_column - first_column;
  const ones = i16x8.splat(1);
  for (let z = from; z < to; z++) {
    let source = hu + ((first_word << 2) + z * rows * row_bytes + (first_column << 1));
    const out = sums + ((out_pixel + z * out_row) << 2);
    for (let y: u32 = 0; y < rows; y++, source += row_bytes) {
      let four = i32x4.splat(0);
      let x: u32 = 0;
      // The sum of a pair of int16 is exact in 32 bits.
      for (; x + 8 <= count; x += 8) {
        four = i32x4.add(four, i32x4.dot_i16x8_s(v128.load(source + (x << 1)), ones));
      }
      let sum =
        i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) + i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3);
      for (; x < count; x++) sum += <i32>load<i16>(source + (x << 1));
      store<i32>(out + (y << 2), sum);
    }
  }
}
