// Used by: src/ops/mask/create_labels.ts
import { mask_pitch, volume_row_bytes } from "../common/rows";

/** CPU body of shaders/mask/label_paint.wgsl: gives the voxels of a mask a label. Split: z. */
export function label_paint(
  columns: u32,
  rows: u32,
  label: u32,
  mask_word: u32,
  out_word: u32,
  mask: usize,
  labels: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const pitch = mask_pitch(columns);
  for (let row = from * rows; row < to * rows; row++) {
    const source = mask + ((mask_word + row * pitch) << 2);
    const target = labels + (out_word << 2) + row * row_bytes;
    for (let word: u32 = 0; word < pitch; word++) {
      let bits = load<u32>(source + (word << 2));
      while (bits != 0) {
        store<u16>(target + (((word << 5) + ctz(bits)) << 1), <u16>label);
        bits &= bits - 1;
      }
    }
  }
}
