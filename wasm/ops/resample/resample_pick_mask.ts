// Used by: src/ops/resample/resample_mask.ts
import { mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/resample/resample_pick_mask.wgsl: bits copied by tables of source indices. Rows that
 * are a stretch of the source's, as crops and pads are, go 32 voxels a step. Split: z.
 */
export function resample_pick_mask(
  columns: u32,
  rows: u32,
  slice_first: u32,
  out_word: u32,
  stride_x: u32,
  stride_y: u32,
  stride_z: u32,
  indices: usize,
  mask: usize,
  picked: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  // Columns [first, end) have a source, which begins at `start`.
  let first: u32 = 0;
  while (first < columns && load<i32>(indices + (first << 2)) < 0) first++;
  const start: u32 = first < columns ? load<u32>(indices + (first << 2)) : 0;
  let end = first;
  while (end < columns && load<u32>(indices + (end << 2)) == start + (end - first)) end++;
  let rest = end;
  while (rest < columns && load<i32>(indices + (rest << 2)) < 0) rest++;
  const stretch = stride_x == 1 && rest == columns;
  for (let z = from; z < to; z++) {
    const index_z = load<i32>(indices + ((columns + rows + slice_first + z) << 2));
    for (let y: u32 = 0; y < rows; y++) {
      const index_y = load<i32>(indices + ((columns + y) << 2));
      const out = picked + ((out_word + (z * rows + y) * pitch) << 2);
      if (index_y < 0 || index_z < 0 || first == end) {
        memory.fill(out, 0, pitch << 2);
        continue;
      }
      const row = <u32>index_y * stride_y + <u32>index_z * stride_z;
      if (stretch) copy_stretch(mask, row + start, first, end, pitch, out);
      else pick_bits(mask, row, indices, columns, stride_x, out);
    }
  }
}

/** Bits from `source` on to columns [first, end) of a row, the others clear. */
function copy_stretch(mask: usize, source: u32, first: u32, end: u32, pitch: u32, out: usize): void {
  for (let word: u32 = 0; word < pitch; word++) {
    const low = max(word << 5, first);
    const high = min((word << 5) + 32, end);
    let bits: u32 = 0;
    if (low < high) {
      const at = source + (low - first);
      const two = load<u64>(mask + ((at >> 5) << 2)) >> <u64>(at & 31);
      bits = (<u32>two & (0xffffffff >> (32 - (high - low)))) << (low & 31);
    }
    store<u32>(out + (word << 2), bits);
  }
}

function pick_bits(mask: usize, row: u32, indices: usize, columns: u32, stride_x: u32, out: usize): void {
  let bits: u32 = 0;
  for (let x: u32 = 0; x < columns; x++) {
    const index = load<i32>(indices + (x << 2));
    if (index >= 0) {
      const bit = row + <u32>index * stride_x;
      bits |= ((load<u32>(mask + ((bit >> 5) << 2)) >> (bit & 31)) & 1) << (x & 31);
    }
    if ((x & 31) == 31 || x + 1 == columns) {
      store<u32>(out + ((x >> 5) << 2), bits);
      bits = 0;
    }
  }
}
