// Used by: src/ops/value/map_volume.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/value_lookup_hu.wgsl: any function of HU to int16 by a table of all int16.
 * Split: z.
 */
export function value_lookup_hu(
  columns: u32,
  rows: u32,
  first_word: u32,
  out_word: u32,
  hu: usize,
  lookup: usize,
  mapped: usize,
  from: u32,
  to: u32,
): void {
  // Padding voxels too: rows need not be told apart.
  const slice_bytes = rows * volume_row_bytes(columns);
  const source = hu + (first_word << 2);
  const target = mapped + (out_word << 2);
  for (let i = from * slice_bytes; i < to * slice_bytes; i += 4) {
    const pair = load<u32>(source + i) ^ 0x80008000;
    const low: u32 = load<u16>(lookup + ((pair & 0xffff) << 1));
    const high: u32 = load<u16>(lookup + ((pair >> 16) << 1));
    store<u32>(target + i, low | (high << 16));
  }
}
