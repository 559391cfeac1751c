// Used by: src/ops/resample/resample_passes.ts, src/ops/resample/resample_separable.ts
import { sum_row } from "../common/taps_across";
import { pad_table, padded_bytes, quad_bytes, store_lanes, sum_floats } from "../common/taps_along";

/** CPU body of shaders/resample/resample_along.wgsl: f32 to f32, resampled along one axis. Split: z. */
export function resample_along(
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
  scratch: usize,
): void {
  const entry_bytes: usize = (taps + 1) << 2;
  if (axis == 0) pad_table(table, taps, index_first, columns, tap_first, 4, scratch);
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const out = resampled + ((out_first + (z * out_rows + y) * columns) << 2);
      if (axis == 0) {
        along_x(source + ((source_first + y * stride_y + z * stride_z) << 2), taps, columns, border_hu, scratch, out);
        continue;
      }
      const entry = table + <usize>(index_first + (axis == 1 ? y : z)) * entry_bytes;
      const first = load<u32>(entry) - tap_first;
      const from_y = axis == 1 ? first : y;
      const from_z = axis == 1 ? z : first;
      const row = source + ((source_first + from_y * stride_y + from_z * stride_z) << 2);
      const step: usize = (axis == 1 ? stride_y : stride_z) << 2;
      sum_row(row, step, entry + 4, taps, columns, border_hu, out);
    }
  }
}

export function resample_along_scratch(columns: u32, taps: u32): usize {
  return padded_bytes(columns, taps);
}

function along_x(source: usize, taps: u32, columns: u32, offset: f32, padded: usize, out: usize): void {
  const more = f32x4.splat(offset);
  const step = quad_bytes(taps);
  let x: u32 = 0;
  for (; x + 4 <= columns; x += 4, padded += step) {
    v128.store(out + (x << 2), f32x4.add(sum_floats(source, padded, taps), more));
  }
  if (x < columns) store_lanes(out + (x << 2), f32x4.add(sum_floats(source, padded, taps), more), columns - x);
}
