// Used by: src/ops/mask/count_voxels.ts
import { mask_pitch } from "../common/rows";

/** CPU body of shaders/mask/mask_count.wgsl: set voxels of each slice, added. Split: y. */
export function mask_count(
  columns: u32,
  rows: u32,
  first_slice: u32,
  mask: usize,
  voxels: usize,
  from: u32,
  to: u32,
): void {
  const words = mask_pitch(columns) * rows;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    const slice = mask + ((z * words) << 2);
    let count: u32 = 0;
    let i: u32 = 0;
    for (; i + 2 <= words; i += 2) count += <u32>popcnt(load<u64>(slice + (i << 2)));
    if (i < words) count += popcnt(load<u32>(slice + (i << 2)));
    const at = voxels + (z << 2);
    store<u32>(at, load<u32>(at) + count);
  }
}
