// Used by: src/ops/mask/bounding_box.ts
import { mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/mask_extent.wgsl: which columns, rows and slices hold a set voxel, a bit each.
 * Split: whole.
 */
export function mask_extent(
  columns: u32,
  rows: u32,
  slices: u32,
  first_slice: u32,
  mask_word: u32,
  rows_word: u32,
  slices_word: u32,
  mask: usize,
  held: usize,
): void {
  const pitch = mask_pitch(columns);
  let row = mask + (mask_word << 2);
  for (let z: u32 = 0; z < slices; z++) {
    let in_slice: u32 = 0;
    for (let y: u32 = 0; y < rows; y++, row += pitch << 2) {
      let in_row: u32 = 0;
      for (let x: u32 = 0; x < pitch << 2; x += 4) {
        const word = load<u32>(row + x);
        in_row |= word;
        store<u32>(held + x, load<u32>(held + x) | word);
      }
      if (in_row != 0) hold(held, rows_word, y);
      in_slice |= in_row;
    }
    if (in_slice != 0) hold(held, slices_word, first_slice + z);
  }
}

// @ts-ignore: decorator
@inline
function hold(held: usize, first_word: u32, bit: u32): void {
  const at = held + ((first_word + (bit >> 5)) << 2);
  store<u32>(at, load<u32>(at) | (1 << (bit & 31)));
}
