import { add_u32, or_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { faces_of_columns, faces_of_row, is_empty_row, list_runs, run_list_bytes } from "../common/runs";

/** CPU body of shaders/mask/component_measure.wgsl: voxels of each component, and the faces it touches. Split: y. */
export function component_measure(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  depth: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  voxels: usize,
  faces: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const rowBytes = mask_pitch(columns) << 2;
  const last = depth * rows - 1;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = z * rows + y;
      if (is_empty_row(first_run, row, last)) continue;
      const count = list_runs(mask + row * rowBytes, columns, complement, scratch);
      const row_faces = faces_of_row(y, rows, z, depth);
      let run = root + (load<u32>(first_run + (row << 2)) << 2);
      for (let i: u32 = 0; i < count; i++, run += 4) {
        const first = load<u32>(scratch + (i << 3));
        const end = load<u32>(scratch + (i << 3), 4);
        const component: usize = load<u32>(run) << 2;
        add_u32(voxels + component, end - first);
        const touched = row_faces | faces_of_columns(first, end, columns);
        if (touched != 0) or_u32(faces + component, touched);
      }
    }
  }
}

export function component_measure_scratch(columns: u32): usize {
  return run_list_bytes(columns);
}
