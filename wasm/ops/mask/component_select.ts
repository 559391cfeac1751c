import { mask_pitch } from "../common/rows";
import { is_empty_row, list_runs, run_list_bytes, set_columns } from "../common/runs";

/** CPU body of shaders/mask/component_select.wgsl: the mask of the chosen components, alone or added to their mask. Split: y. */
export function component_select(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  keep_mask: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  chosen: usize,
  selected: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const rowBytes = mask_pitch(columns) << 2;
  const last = (first_slice + to) * rows - 1;
  for (let row = (first_slice + from) * rows; row < (first_slice + to) * rows; row++) {
    const source = mask + row * rowBytes;
    const target = selected + row * rowBytes;
    if (keep_mask != 0) memory.copy(target, source, rowBytes);
    else memory.fill(target, 0, rowBytes);
    if (is_empty_row(first_run, row, last)) continue;
    const count = list_runs(source, columns, complement, scratch);
    let run = root + (load<u32>(first_run + (row << 2)) << 2);
    for (let i: u32 = 0; i < count; i++, run += 4) {
      if (load<u32>(chosen + (load<u32>(run) << 2)) == 0) continue;
      set_columns(target, load<u32>(scratch + (i << 3)), load<u32>(scratch + (i << 3), 4));
    }
  }
}

export function component_select_scratch(columns: u32): usize {
  return run_list_bytes(columns);
}
