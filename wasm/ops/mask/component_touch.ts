// Used by: src/ops/mask/grow_from.ts
import { store_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { count_columns, is_empty_row, list_runs, run_list_bytes } from "../common/runs";

/**
 * CPU body of shaders/mask/component_touch.wgsl: chooses the components that a seed touches. All who choose
 * one store the same. Split: y.
 */
export function component_touch(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  seed: usize,
  chosen: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const row_bytes = mask_pitch(columns) << 2;
  const last = (first_slice + to) * rows - 1;
  for (let row = (first_slice + from) * rows; row < (first_slice + to) * rows; row++) {
    if (is_empty_row(first_run, row, last)) continue;
    const count = list_runs(mask + row * row_bytes, columns, complement, scratch);
    let run = root + (load<u32>(first_run + (row << 2)) << 2);
    for (let i: u32 = 0; i < count; i++, run += 4) {
      const first = load<u32>(scratch + (i << 3));
      const end = load<u32>(scratch + (i << 3), 4);
      if (count_columns(seed + row * row_bytes, first, end) > 0) store_u32(chosen + (load<u32>(run) << 2), 1);
    }
  }
}

export function component_touch_scratch(columns: u32): usize {
  return run_list_bytes(columns);
}
