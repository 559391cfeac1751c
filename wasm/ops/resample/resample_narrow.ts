// Used by: src/ops/resample/resample_separable.ts
import { narrow8, round4 } from "../common/round";
import { sum1, sum4 } from "../common/taps_across";

/**
 * CPU body of shaders/resample/resample_narrow.wgsl: f32 to int16 HU, resampled along y or z, eight columns a
 * step. Split: z.
 */
export function resample_narrow(
  columns: u32,
  rows: u32,
  out_first: u32,
  out_rows: u32,
  axis: u32,
  taps: u32,
  index_first: u32,
  tap_first: u32,
  source_first: u32,
  stride_y: u32,
  stride_z: u32,
  border_hu: f32,
  table: usize,
  source: usize,
  resampled: usize,
  from: u32,
  to: u32,
): void {
  const entry_bytes: usize = (taps + 1) << 2;
  const out_words = (columns + 1) >> 1;
  const step: usize = (axis == 1 ? stride_y : stride_z) << 2;
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const entry = table + <usize>(index_first + (axis == 1 ? y : z)) * entry_bytes;
      const first = load<u32>(entry) - tap_first;
      const from_y = axis == 1 ? first : y;
      const from_z = axis == 1 ? z : first;
      const row = source + ((source_first + from_y * stride_y + from_z * stride_z) << 2);
      const out = resampled + ((out_first + (z * out_rows + y) * out_words) << 2);
      narrow_row(row, step, entry + 4, taps, columns, border_hu, out);
    }
  }
}

function narrow_row(
  source: usize,
  step: usize,
  weights: usize,
  taps: u32,
  columns: u32,
  border_hu: f32,
  out: usize,
): void {
  const more = f32x4.splat(border_hu);
  let x: u32 = 0;
  for (; x + 8 <= columns; x += 8) {
    const at = source + (x << 2);
    const low = f32x4.add(sum4(at, step, weights, taps), more);
    const high = f32x4.add(sum4(at + 16, step, weights, taps), more);
    v128.store(out + (x << 1), narrow8(low, high));
  }
  let last: i32 = 0;
  for (; x < columns; x++) {
    const four = round4(f32x4.splat(sum1(source + (x << 2), step, weights, taps) + border_hu));
    last = i16x8.extract_lane_s(i16x8.narrow_i32x4_s(four, four), 0);
    store<i16>(out + (x << 1), <i16>last);
  }
  // An odd row's padding voxel repeats its last.
  if (columns & 1) store<i16>(out + (columns << 1), <i16>last);
}
