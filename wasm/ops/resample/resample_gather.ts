// Used by: src/ops/resample/resample_oblique.ts
import { gather_bytes, gather_row } from "../common/gather";
import { narrow8, round4 } from "../common/round";

/**
 * CPU body of shaders/resample/resample_gather.wgsl: by any affine to int16 HU, a row of samples and then its
 * rounding. Split: z.
 */
export function resample_gather(
  source_columns: i32,
  source_rows: i32,
  source_slices: i32,
  band_first: i32,
  band_end: i32,
  held_first: i32,
  columns: u32,
  rows: u32,
  slice_first: u32,
  out_first: u32,
  taps: i32,
  spline: u32,
  constant: u32,
  border_hu: f32,
  positions: usize,
  source: usize,
  resampled: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const out_words = (columns + 1) >> 1;
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      gather_row(source_columns, source_rows, source_slices, band_first, band_end, held_first, columns, columns + y, columns + rows + slice_first + z, taps, spline, constant, border_hu, positions, source, scratch);
      if (columns & 1) store<f32>(scratch + (columns << 2), load<f32>(scratch + ((columns - 1) << 2)));
      round_row(scratch, out_words << 1, resampled + ((out_first + (z * rows + y) * out_words) << 2));
    }
  }
}

export function resample_gather_scratch(columns: u32): usize {
  return gather_bytes(columns);
}

/** Samples that are NaN are another band's to write. */
function round_row(row: usize, columns: u32, out: usize): void {
  let x: u32 = 0;
  for (; x + 8 <= columns; x += 8) {
    const low = v128.load(row + (x << 2));
    const high = v128.load(row + (x << 2) + 16);
    const mine = i16x8.narrow_i32x4_s(f32x4.eq(low, low), f32x4.eq(high, high));
    const old = v128.load(out + (x << 1));
    v128.store(out + (x << 1), v128.bitselect(narrow8(low, high), old, mine));
  }
  for (; x < columns; x++) {
    const sample = load<f32>(row + (x << 2));
    if (sample != sample) continue;
    const four = round4(f32x4.splat(sample));
    store<i16>(out + (x << 1), i16x8.extract_lane_s(i16x8.narrow_i32x4_s(four, four), 0));
  }
}
