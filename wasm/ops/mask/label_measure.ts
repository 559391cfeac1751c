// Used by: src/ops/mask/label_statistics.ts
import { add_u32, add_u64, max_u32 } from "../common/atomics";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/mask/label_measure.wgsl: count, extremes and sums of the voxels of every label.
 * Split: y.
 */
export function label_measure(
  columns: u32,
  rows: u32,
  hu_word: u32,
  label_word: u32,
  hu: usize,
  labels: usize,
  measures: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  for (let row = from * rows; row < to * rows; row++) {
    const values = hu + (hu_word << 2) + row * row_bytes;
    const marks = labels + (label_word << 2) + row * row_bytes;
    let x: u32 = 0;
    while (x < columns) {
      const label: u32 = load<u16>(marks + (x << 1));
      const start = x;
      let least: u32 = 65535;
      let most: u32 = 0;
      let sum: u64 = 0;
      let squares: u64 = 0;
      for (; x < columns && <u32>load<u16>(marks + (x << 1)) == label; x++) {
        const value: u32 = <u32>load<u16>(values + (x << 1)) ^ 0x8000;
        least = min(least, value);
        most = max(most, value);
        sum += value;
        squares += <u64>value * value;
      }
      const at = measures + (label << 5);
      add_u32(at, x - start);
      max_u32(at + 4, 65535 - least);
      max_u32(at + 8, most);
      add_u64(at + 16, sum);
      add_u64(at + 24, squares);
    }
  }
}
