// Used by: src/ops/resample/resample_passes.ts
import { is_identity, pad_table, padded_bytes, quad_bytes, store_lanes, sum_voxels } from "../common/taps_along";

/**
 * CPU body of shaders/resample/resample_widen.wgsl: int16 HU to f32, resampled along x, four outputs a step.
 * Split: z.
 */
export function resample_widen(
  columns: u32,
  rows: u32,
  out_first: u32,
  out_rows: u32,
  taps: u32,
  index_first: u32,
  tap_first: u32,
  source_first: u32,
  stride_y: u32,
  stride_z: u32,
  border_hu: f32,
  table: usize,
  hu: usize,
  widened: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const plain = is_identity(table, taps, index_first, columns);
  const start = plain ? load<u32>(table + (index_first << 3)) - tap_first : 0;
  if (!plain) pad_table(table, taps, index_first, columns, tap_first, 2, scratch);
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const source = hu + ((source_first + y * stride_y + z * stride_z) << 1);
      const out = widened + ((out_first + (z * out_rows + y) * columns) << 2);
      if (plain) convert_row(source + (start << 1), columns, border_hu, out);
      else sum_row(source, taps, columns, border_hu, scratch, out);
    }
  }
}

export function resample_widen_scratch(columns: u32, taps: u32): usize {
  return padded_bytes(columns, taps);
}

function convert_row(source: usize, columns: u32, border_hu: f32, out: usize): void {
  const offset = f32x4.splat(border_hu);
  let x: u32 = 0;
  for (; x + 8 <= columns; x += 8) {
    const eight = v128.load(source + (x << 1));
    const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight));
    const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight));
    v128.store(out + (x << 2), f32x4.sub(low, offset));
    v128.store(out + (x << 2), f32x4.sub(high, offset), 16);
  }
  for (; x < columns; x++) store<f32>(out + (x << 2), <f32>load<i16>(source + (x << 1)) - border_hu);
}

function sum_row(source: usize, taps: u32, columns: u32, border_hu: f32, padded: usize, out: usize): void {
  const offset = f32x4.splat(border_hu);
  const step = quad_bytes(taps);
  let x: u32 = 0;
  for (; x + 4 <= columns; x += 4, padded += step) {
    v128.store(out + (x << 2), sum_voxels(source, padded, taps, offset));
  }
  if (x < columns) store_lanes(out + (x << 2), sum_voxels(source, padded, taps, offset), columns - x);
}
