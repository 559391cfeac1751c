// Used by: src/ops/filter/gaussian.ts
import { volume_row_bytes } from "../common/rows";

/** CPU body of shaders/filter/gaussian_y.wgsl: f32 along y, four columns a step. Split: z. */
export function gaussian_y(
  columns: u32,
  rows: u32,
  radius: u32,
  first_weight: u32,
  source: usize,
  weights: usize,
  blurred: usize,
  from: u32,
  to: u32,
): void {
  // f32 rows are as wide as the volume's, padding included.
  const row_bytes = volume_row_bytes(columns) << 1;
  const taps = weights + (first_weight << 2);
  for (let z = from; z < to; z++) {
    const slice = source + z * rows * row_bytes;
    for (let y: u32 = 0; y < rows; y++) {
      const out = blurred + (z * rows + y) * row_bytes;
      for (let x: u32 = 0; x < row_bytes; x += 8) {
        let sum = f32x4.splat(0);
        // Two columns at least, four where there are: the upper half of the last may be another row's, and is
        // not stored.
        for (let j: u32 = 0; j <= 2 * radius; j++) {
          const row = <u32>min(max(<i32>(y + j) - <i32>radius, 0), <i32>rows - 1);
          sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(taps + (j << 2)), v128.load(slice + row * row_bytes + x)));
        }
        if (x + 16 <= row_bytes) {
          v128.store(out + x, sum);
          x += 8;
        } else v128.store64_lane(out + x, sum, 0);
      }
    }
  }
}
