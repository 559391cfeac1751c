// Used by: src/ops/value/histogram.ts
import { add_tables, clear_tables, count_voxels, TABLES_BYTES } from "../common/histogram";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/value_histogram.wgsl: counts of every int16 value, all in the first copy.
 * Split: z.
 */
export function value_histogram(
  columns: u32,
  rows: u32,
  hu_word: u32,
  hu: usize,
  counts: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  clear_tables(scratch);
  const source = hu + (hu_word << 2);
  if ((columns & 1) == 0) {
    // Rows without padding are one long row.
    count_voxels(source + from * rows * row_bytes, (to - from) * rows * columns, scratch);
  } else {
    for (let row = from * rows; row < to * rows; row++) count_voxels(source + row * row_bytes, columns, scratch);
  }
  add_tables(scratch, counts);
}

export function value_histogram_scratch(): usize {
  return TABLES_BYTES;
}
