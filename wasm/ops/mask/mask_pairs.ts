// Used by: src/ops/mask/measure_mask.ts, src/ops/mask/surface_directions.ts
import { add_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/mask_pairs.wgsl: pairs of set voxels, one in a row and one in a row near it.
 * Split: y.
 */
export function mask_pairs(
  columns: u32,
  rows: u32,
  first_slice: u32,
  depth: u32,
  dy: i32,
  dz: u32,
  first_count: u32,
  mask: usize,
  pairs: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  let before: u32 = 0;
  let same: u32 = 0;
  let behind: u32 = 0;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    if (z + dz >= depth) continue;
    for (let y: u32 = 0; y < rows; y++) {
      const near_y = <i32>y + dy;
      if (near_y < 0 || near_y >= <i32>rows) continue;
      const row = mask + (((z * rows + y) * pitch) << 2);
      const near_row = mask + ((((z + dz) * rows + <u32>near_y) * pitch) << 2);
      let previous: u32 = 0;
      let near = load<u32>(near_row);
      for (let x: u32 = 0; x < pitch; x++) {
        const word = load<u32>(row + (x << 2));
        const next = x + 1 < pitch ? load<u32>(near_row + (x << 2), 4) : 0;
        if (word != 0) {
          before += popcnt(word & ((near << 1) | (previous >> 31)));
          same += popcnt(word & near);
          behind += popcnt(word & ((near >> 1) | (next << 31)));
        }
        previous = near;
        near = next;
      }
    }
  }
  const at = pairs + (first_count << 2);
  add_u32(at, before);
  add_u32(at + 4, same);
  add_u32(at + 8, behind);
}
