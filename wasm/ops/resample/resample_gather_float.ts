// Used by: src/ops/resample/resample_oblique.ts
import { gather_bytes, gather_row } from "../common/gather";

/** CPU body of shaders/resample/resample_gather_float.wgsl: by any affine to f32 HU, rows dense. Split: z. */
export function resample_gather_float(
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
  for (let z = from; z < to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      gather_row(source_columns, source_rows, source_slices, band_first, band_end, held_first, columns, columns + y, columns + rows + slice_first + z, taps, spline, constant, border_hu, positions, source, scratch);
      const out = resampled + ((out_first + (z * rows + y) * columns) << 2);
      for (let x: u32 = 0; x < columns; x++) {
        const sample = load<f32>(scratch + (x << 2));
        // NaN: another band's to write.
        if (sample == sample) store<f32>(out + (x << 2), sample);
      }
    }
  }
}

export function resample_gather_float_scratch(columns: u32): usize {
  return gather_bytes(columns);
}
