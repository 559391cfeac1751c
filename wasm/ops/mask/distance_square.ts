// Used by: src/ops/mask/distance_slabs.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/mask/distance_square.wgsl: squared distances along z from counts of slices, four
 * columns a step. Split: z.
 */
export function distance_square(
  columns: u32,
  rows: u32,
  steps_word: u32,
  weight: f32,
  nowhere: f32,
  steps: usize,
  squares: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const none = i32x4.splat(0xffff);
  for (let row = from * rows; row < to * rows; row++) {
    const source = steps + ((steps_word << 2) + row * row_bytes);
    const out = squares + ((row * columns) << 2);
    let x: u32 = 0;
    for (; x + 4 <= columns; x += 4) {
      const away = i32x4.extend_low_i16x8_u(v128.load64_zero(source + (x << 1)));
      const whole = f32x4.convert_i32x4_u(away);
      const square = f32x4.mul(f32x4.mul(whole, whole), f32x4.splat(weight));
      v128.store(out + (x << 2), v128.bitselect(f32x4.splat(nowhere), square, i32x4.eq(away, none)));
    }
    for (; x < columns; x++) {
      const away: u32 = load<u16>(source + (x << 1));
      const square: f32 = <f32>away * <f32>away * weight;
      store<f32>(out + (x << 2), away == 0xffff ? nowhere : square);
    }
  }
}
