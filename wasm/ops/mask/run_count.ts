// Used by: src/ops/mask/runs.ts
import { mask_pitch } from "../common/rows";
import { count_runs } from "../common/runs";

/** CPU body of shaders/mask/run_count.wgsl: how many runs begin in each row. Split: y. */
export function run_count(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  mask: usize,
  runs: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = mask_pitch(columns) << 2;
  for (let row = (first_slice + from) * rows; row < (first_slice + to) * rows; row++) {
    store<u32>(runs + (row << 2), count_runs(mask + row * row_bytes, columns, complement));
  }
}
