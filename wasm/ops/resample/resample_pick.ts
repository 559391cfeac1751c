// Used by: src/ops/resample/resample_pick.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/resample/resample_pick.wgsl: voxels copied by tables of source indices, one table an
 * output axis; -1 is the border. Rows whose sources are neighbors are copied as they are. Split: z.
 */
export function resample_pick(
  columns: u32,
  rows: u32,
  slice_first: u32,
  out_word: u32,
  band_axis: u32,
  band_first: i32,
  band_end: i32,
  source_word: u32,
  stride_x: i32,
  stride_y: i32,
  stride_z: i32,
  border_hu: i32,
  indices: usize,
  hu: usize,
  picked: usize,
  from: u32,
  to: u32,
): void {
  const out_bytes = volume_row_bytes(columns);
  const source = hu + (source_word << 2);
  const run = run_of(indices, columns, stride_x);
  for (let z = from; z < to; z++) {
    const index_z = load<i32>(indices + ((columns + rows + slice_first + z) << 2));
    for (let y: u32 = 0; y < rows; y++) {
      const index_y = load<i32>(indices + ((columns + y) << 2));
      const out = picked + ((out_word << 2) + (z * rows + y) * out_bytes);
      if (index_y < 0 || index_z < 0) {
        fill_row(out, columns, border_hu);
        continue;
      }
      // Where another band's slices run along y or z, the row is whole that band's.
      if (band_axis == 1 && (index_y < band_first || index_y >= band_end)) continue;
      if (band_axis == 2 && (index_z < band_first || index_z >= band_end)) continue;
      const start =
        (index_y - (band_axis == 1 ? band_first : 0)) * stride_y +
        (index_z - (band_axis == 2 ? band_first : 0)) * stride_z;
      if (run && band_axis != 0) {
        memory.copy(out, source + (<usize>(start + load<i32>(indices)) << 1), columns << 1);
        pad_row(out, columns);
        continue;
      }
      for (let x: u32 = 0; x < columns; x++) {
        let index = load<i32>(indices + (x << 2));
        if (index < 0) {
          store<i16>(out + (x << 1), <i16>border_hu);
          continue;
        }
        if (band_axis == 0) {
          if (index < band_first || index >= band_end) continue;
          index -= band_first;
        }
        store<i16>(out + (x << 1), load<i16>(source + (<usize>(start + index * stride_x) << 1)));
      }
      pad_row(out, columns);
    }
  }
}

/** True where a row of the result is a row of the source, or a part of one. */
function run_of(indices: usize, columns: u32, stride_x: i32): bool {
  if (stride_x != 1) return false;
  const first = load<i32>(indices);
  if (first < 0) return false;
  for (let x: u32 = 1; x < columns; x++) {
    if (load<i32>(indices + (x << 2)) != first + <i32>x) return false;
  }
  return true;
}

function fill_row(out: usize, columns: u32, hu: i32): void {
  const bytes = volume_row_bytes(columns);
  for (let x: u32 = 0; x < bytes; x += 2) store<i16>(out + x, <i16>hu);
}

/** An odd row's padding voxel repeats its last. */
// @ts-ignore: decorator
@inline
function pad_row(out: usize, columns: u32): void {
  if (columns & 1) store<i16>(out + (columns << 1), load<i16>(out + ((columns - 1) << 1)));
}
