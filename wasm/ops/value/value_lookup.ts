// Used by: src/ops/value/map_volume.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/value_lookup.wgsl: any function of HU to f32 by a table of all int16, four voxels
 * a step. Split: z.
 */
export function value_lookup(
  columns: u32,
  rows: u32,
  first_word: u32,
  hu: usize,
  lookup: usize,
  mapped: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  let source = hu + ((first_word << 2) + from * rows * row_bytes);
  let target = mapped + ((from * rows * columns) << 2);
  for (let row = from * rows; row < to * rows; row++, source += row_bytes, target += columns << 2) {
    let x: u32 = 0;
    for (; x + 4 <= columns; x += 4) {
      // Entry i is for HU i - 32768: the sign bit turned over.
      const four = load<u64>(source + (x << 1)) ^ 0x8000800080008000;
      const out = target + (x << 2);
      store<u32>(out, load<u32>(lookup + <usize>((four & 0xffff) << 2)));
      store<u32>(out, load<u32>(lookup + <usize>(((four >> 16) & 0xffff) << 2)), 4);
      store<u32>(out, load<u32>(lookup + <usize>(((four >> 32) & 0xffff) << 2)), 8);
      store<u32>(out, load<u32>(lookup + <usize>((four >> 48) << 2)), 12);
    }
    for (; x < columns; x++) {
      const entry: usize = (<u32>load<u16>(source + (x << 1)) ^ 0x8000) << 2;
      store<u32>(target + (x << 2), load<u32>(lookup + entry));
    }
  }
}
