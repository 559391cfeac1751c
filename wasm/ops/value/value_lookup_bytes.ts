// Used by: src/ops/value/map_volume.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/value_lookup_bytes.wgsl: any function of HU to 8 bits by a table of all int16,
 * rows dense. Split: whole.
 */
export function value_lookup_bytes(
  columns: u32,
  voxels: u32,
  first_word: u32,
  hu: usize,
  lookup: usize,
  mapped: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  let source = hu + (first_word << 2);
  const end = mapped + voxels;
  for (let target = mapped; target < end; target += columns, source += row_bytes) {
    for (let x: u32 = 0; x < columns; x++) {
      store<u8>(target + x, load<u8>(lookup + (<u32>load<u16>(source + (x << 1)) ^ 0x8000)));
    }
  }
}
