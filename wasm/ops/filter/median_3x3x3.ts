// Used by: src/ops/filter/median.ts
import { median8, rank_bytes, sort_columns } from "../common/median";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/filter/median_3x3x3.wgsl: the median of 3 x 3 x 3 voxels, the edge repeated. Split: z.
 */
export function median_3x3x3(
  columns: u32,
  rows: u32,
  slices: u32,
  z_first: u32,
  z_end: u32,
  depth: u32,
  source_slice: u32,
  source_word: u32,
  out_word: u32,
  hu: usize,
  filtered: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  const slice_bytes = rows * row_bytes;
  const source = hu + (source_word << 2);
  const end = min(z_end, z_first + to * depth);
  for (let z = z_first + from * depth; z < end; z++) {
    const a = source + (max(z, 1) - 1 - source_slice) * slice_bytes;
    const b = source + (z - source_slice) * slice_bytes;
    const c = source + (min(z + 1, slices - 1) - source_slice) * slice_bytes;
    for (let y: u32 = 0; y < rows; y++) {
      const up = (max(y, 1) - 1) * row_bytes;
      const at = y * row_bytes;
      const down = min(y + 1, rows - 1) * row_bytes;
      sort_columns(a + up, a + at, a + down, b + up, b + at, b + down, c + up, c + at, c + down, columns, scratch);
      median_row(scratch, columns, filtered + ((out_word << 2) + ((z - z_first) * rows + y) * row_bytes));
    }
  }
}

export function median_3x3x3_scratch(columns: u32): usize {
  return <usize>(9 * rank_bytes(columns));
}

function median_row(scratch: usize, columns: u32, out: usize): void {
  const step: usize = rank_bytes(columns);
  let x: u32 = 0;
  for (; x + 8 <= columns; x += 8) v128.store(out + (x << 1), median8(scratch + 16 + (x << 1), step));
  if (x == columns) return;
  let rest = median8(scratch + 16 + (x << 1), step);
  for (; x < columns; x++) {
    store<i16>(out + (x << 1), i16x8.extract_lane_s(rest, 0));
    rest = i8x16.shuffle(rest, rest, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
  }
  // An odd row's padding voxel repeats its last.
  if (columns & 1) store<i16>(out + (columns << 1), load<i16>(out + ((columns - 1) << 1)));
}
