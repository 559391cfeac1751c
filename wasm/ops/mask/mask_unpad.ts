// Used by: src/ops/mask/padded_mask.ts
import { padded_byte } from "../common/padded";
import { last_valid, mask_pitch } from "../common/rows";

/** CPU body of shaders/mask/mask_unpad.wgsl: a mask with margins, without. Split: z. */
export function mask_unpad(
  columns: u32,
  rows: u32,
  first_slice: u32,
  mask_word: u32,
  complement: u32,
  padded_first: u32,
  padded_rows: u32,
  padded_pitch: u32,
  padded: usize,
  mask: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  const bytes: usize = pitch << 2;
  const valid = last_valid(columns);
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = padded + padded_byte(0, y, first_slice + z, padded_first, padded_rows, padded_pitch);
      const out = mask + ((mask_word + (z * rows + y) * pitch) << 2);
      for (let x: usize = 0; x < bytes; x += 4) store<u32>(out + x, load<u32>(row + x) ^ complement);
      store<u32>(out + bytes - 4, load<u32>(out + bytes - 4) & valid);
    }
  }
}
