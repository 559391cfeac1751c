// Used by: src/ops/mask/label_slabs.ts
import { mask_pitch } from "../common/rows";
import { list_runs, run_list_bytes } from "../common/runs";

/**
 * CPU body of shaders/mask/component_label.wgsl: the rank of each voxel's component as a byte, rows padded to
 * whole words. Split: y.
 */
export function component_label(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  rank: usize,
  labels: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const row_bytes = mask_pitch(columns) << 2;
  const label_bytes = ((columns + 3) >> 2) << 2;
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = (first_slice + z) * rows + y;
      const target = labels + (z * rows + y) * label_bytes;
      memory.fill(target, 0, label_bytes);
      const count = list_runs(mask + row * row_bytes, columns, complement, scratch);
      let run = root + (load<u32>(first_run + (row << 2)) << 2);
      for (let i: u32 = 0; i < count; i++, run += 4) {
        const label = load<u32>(rank + (load<u32>(run) << 2));
        if (label == 0) continue;
        const first = load<u32>(scratch + (i << 3));
        memory.fill(target + first, <u8>label, load<u32>(scratch + (i << 3), 4) - first);
      }
    }
  }
}

export function component_label_scratch(columns: u32): usize {
  return run_list_bytes(columns);
}
