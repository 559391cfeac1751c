// Used by: src/ops/resample/resample_mask.ts
import { entry_of, HALF, is_outside } from "../common/gather_position";
import { mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/resample/resample_gather_mask.wgsl: nearest neighbor by any affine, of bits. Split: z.
 */
export function resample_gather_mask(
  source_columns: i32,
  source_rows: i32,
  source_slices: i32,
  columns: u32,
  rows: u32,
  slice_first: u32,
  out_word: u32,
  positions: usize,
  mask: usize,
  resampled: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  const source_pitch = mask_pitch(source_columns);
  for (let z = from; z < to; z++) {
    const slice = columns + rows + slice_first + z;
    for (let y: u32 = 0; y < rows; y++) {
      const base_x = entry_of(positions, columns + y, 0) + entry_of(positions, slice, 0);
      const base_y = entry_of(positions, columns + y, 1) + entry_of(positions, slice, 1);
      const base_z = entry_of(positions, columns + y, 2) + entry_of(positions, slice, 2);
      const out = resampled + ((out_word + (z * rows + y) * pitch) << 2);
      let bits: u32 = 0;
      for (let x: u32 = 0; x < columns; x++) {
        const at_x = base_x + entry_of(positions, x, 0);
        const at_y = base_y + entry_of(positions, x, 1);
        const at_z = base_z + entry_of(positions, x, 2);
        if (!is_outside(at_x, source_columns) && !is_outside(at_y, source_rows) && !is_outside(at_z, source_slices)) {
          const vx = nearest(at_x, source_columns);
          const vy = nearest(at_y, source_rows);
          const vz = nearest(at_z, source_slices);
          const word = load<u32>(mask + (((vz * source_rows + vy) * source_pitch + (vx >> 5)) << 2));
          bits |= ((word >> (vx & 31)) & 1) << (x & 31);
        }
        if ((x & 31) == 31 || x + 1 == columns) {
          store<u32>(out + ((x >> 5) << 2), bits);
          bits = 0;
        }
      }
    }
  }
}

/** Halves go up. */
// @ts-ignore: decorator
@inline
function nearest(at: i64, size: i32): u32 {
  return <u32>min(max(<i32>((at + HALF) >> 30), 0), size - 1);
}
