// Used by: src/ops/value/histogram.ts
import { add_tables, clear_tables, count_voxels, TABLES_BYTES } from "../common/histogram";
import { mask_pitch, volume_row_bytes } from "../common/rows";
import { list_runs, run_list_bytes } from "../common/runs";

/**
 * CPU body of shaders/value/value_histogram_masked.wgsl: counts of every int16 value over a mask, run by run.
 * Split: z.
 */
export function value_histogram_masked(
  columns: u32,
  rows: u32,
  hu_word: u32,
  mask_word: u32,
  hu: usize,
  mask: usize,
  counts: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  const mask_bytes = mask_pitch(columns) << 2;
  const list = scratch + TABLES_BYTES;
  clear_tables(scratch);
  for (let row = from * rows; row < to * rows; row++) {
    const source = hu + ((hu_word << 2) + row * row_bytes);
    const runs = list_runs(mask + ((mask_word << 2) + row * mask_bytes), columns, 0, list);
    for (let i: u32 = 0; i < runs; i++) {
      const first = load<u32>(list + (i << 3));
      count_voxels(source + (first << 1), load<u32>(list + (i << 3), 4) - first, scratch);
    }
  }
  add_tables(scratch, counts);
}

export function value_histogram_masked_scratch(columns: u32): usize {
  return TABLES_BYTES + run_list_bytes(columns);
}
