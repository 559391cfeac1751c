// Used by: src/ops/mask/mask_tiles.ts
import { or_u32 } from "../common/atomics";
import { last_valid, mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/tile_note.wgsl: whether tiles of 32 columns, 8 rows and 4 slices hold a set voxel,
 * and a clear one. Split: z.
 */
export function tile_note(
  columns: u32,
  rows: u32,
  first_slice: u32,
  mask_word: u32,
  complement: u32,
  mask: usize,
  seen: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  const tile_rows = (rows + 7) >> 3;
  const valid = last_valid(columns);
  for (let z = from; z < to; z++) {
    const slice = mask + ((mask_word + z * rows * pitch) << 2);
    for (let tile_y: u32 = 0; tile_y < tile_rows; tile_y++) {
      const first = tile_y << 3;
      const count = min(rows - first, 8);
      const out = seen + (((((first_slice + z) >> 2) * tile_rows + tile_y) * pitch) << 2);
      for (let x: u32 = 0; x < pitch; x++) {
        let at = slice + ((first * pitch + x) << 2);
        let some: u32 = 0;
        let every: u32 = 0xffffffff;
        for (let y: u32 = 0; y < count; y++, at += pitch << 2) {
          const bits = load<u32>(at) ^ complement;
          some |= bits;
          every &= bits;
        }
        const used: u32 = x + 1 == pitch ? valid : 0xffffffff;
        const noted: u32 = ((some & used) != 0 ? 1 : 0) | ((every & used) != used ? 2 : 0);
        or_u32(out + (x << 2), noted);
      }
    }
  }
}
