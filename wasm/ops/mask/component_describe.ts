// Used by: src/ops/mask/list_components.ts
import { mask_pitch } from "../common/rows";
import { faces_of_columns, faces_of_row, list_runs, run_list_bytes } from "../common/runs";

/**
 * CPU body of shaders/mask/component_describe.wgsl: box, sums of coordinates and faces of each ranked
 * component, in rows of 13 words. Split: whole.
 */
export function component_describe(
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  depth: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  rank: usize,
  table: usize,
  scratch: usize,
): void {
  const row_bytes = mask_pitch(columns) << 2;
  for (let z = first_slice; z < first_slice + slices; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = z * rows + y;
      const count = list_runs(mask + row * row_bytes, columns, complement, scratch);
      let run = root + (load<u32>(first_run + (row << 2)) << 2);
      for (let i: u32 = 0; i < count; i++, run += 4) {
        const place = load<u32>(rank + (load<u32>(run) << 2));
        if (place == 0) continue;
        const at = table + <usize>(place - 1) * 52;
        const first = load<u32>(scratch + (i << 3));
        const end = load<u32>(scratch + (i << 3), 4);
        note_run(at, first, end, y, z);
        const faces = faces_of_row(y, rows, z, depth) | faces_of_columns(first, end, columns);
        store<u32>(at, load<u32>(at, 48) | faces, 48);
      }
    }
  }
}

export function component_describe_scratch(columns: u32): usize {
  return run_list_bytes(columns);
}

// @ts-ignore: decorator
@inline
function note_run(at: usize, first: u32, end: u32, y: u32, z: u32): void {
  const length = <u64>(end - first);
  raise(at, ~first);
  raise(at + 4, ~y);
  raise(at + 8, ~z);
  raise(at + 12, end - 1);
  raise(at + 16, y);
  raise(at + 20, z);
  add_wide(at + 24, (length * <u64>(first + end - 1)) / 2);
  add_wide(at + 32, <u64>y * length);
  add_wide(at + 40, <u64>z * length);
}

// @ts-ignore: decorator
@inline
function raise(at: usize, value: u32): void {
  store<u32>(at, max(load<u32>(at), value));
}

// @ts-ignore: decorator
@inline
function add_wide(at: usize, value: u64): void {
  store<u64>(at, load<u64>(at) + value);
}
