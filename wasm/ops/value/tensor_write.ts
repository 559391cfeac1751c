// Used by: src/ops/value/to_tensor.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/tensor_write.wgsl: a volume as a dense tensor of what a table has for each int16,
 * float32 or float16. Split: whole.
 */
export function tensor_write(
  columns: u32,
  voxels: u32,
  first_word: u32,
  out_word: u32,
  a_word: u32,
  hu: usize,
  lookup: usize,
  tensor: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  const rows = voxels / columns;
  let source = hu + (first_word << 2);
  let target = tensor + (out_word << 2);
  for (let row: u32 = 0; row < rows; row++, source += row_bytes) {
    for (let x: u32 = 0; x < columns; x++) {
      const bits = load<u32>(lookup + ((<u32>load<u16>(source + (x << 1)) ^ 0x8000) << 2));
      if (a_word == 1) {
        store<u32>(target, bits);
        target += 4;
      } else {
        store<u16>(target, <u16>bits);
        target += 2;
      }
    }
  }
}
