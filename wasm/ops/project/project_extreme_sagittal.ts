// Used by: src/ops/project/project_rays.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/project/project_extreme_sagittal.wgsl: maximum or minimum along x, eight columns a
 * step. Split: y.
 */
export function project_extreme_sagittal(
  columns: u32,
  rows: u32,
  first_column: u32,
  end_column: u32,
  first_word: u32,
  out_word: u32,
  flip: i32,
  hu: usize,
  projection: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const out_bytes = volume_row_bytes(rows);
  for (let z = from; z < to; z++) {
    const out = projection + ((out_word << 2) + z * out_bytes);
    let source = hu + ((first_word << 2) + z * rows * row_bytes + (first_column << 1));
    for (let y: u32 = 0; y < rows; y++, source += row_bytes) {
      store<i16>(out + (y << 1), extreme(source, end_column - first_column, flip));
    }
    // The padding pixel of an odd row is 0, as the shader has it.
    if (rows & 1) store<i16>(out + (rows << 1), 0);
  }
}

/** Of `count` voxels; the minimum is the complement of the complements' maximum. */
function extreme(source: usize, count: u32, flip: i32): i16 {
  const turn = i16x8.splat(<i16>flip);
  let most = i16x8.splat(-32768);
  let x: u32 = 0;
  for (; x + 8 <= count; x += 8) most = i16x8.max_s(most, v128.xor(v128.load(source + (x << 1)), turn));
  most = i16x8.max_s(most, i8x16.shuffle(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  most = i16x8.max_s(most, i8x16.shuffle(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  most = i16x8.max_s(most, i8x16.shuffle(most, most, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  let result: i32 = <i16>i16x8.extract_lane_s(most, 0);
  for (; x < count; x++) result = max(result, <i32>load<i16>(source + (x << 1)) ^ flip);
  return <i16>(result ^ flip);
}
