// Used by: src/ops/resample/resample_batches.ts, src/ops/resample/resample_passes.ts
import { prefilter_columns } from "../common/spline_columns";
import { prefilter_rows } from "../common/spline_rows";

/**
 * CPU body of shaders/resample/resample_prefilter.wgsl: samples to coefficients of the cubic B-spline, in
 * place: lines along y and z as vectors of columns, lines along x by fours. Split: y.
 */
export function resample_prefilter(
  count: u32,
  stride: u32,
  lines: u32,
  line_stride: u32,
  layer_stride: u32,
  first: u32,
  coefficients: usize,
  from: u32,
  to: u32,
): void {
  if (count == 1) return;
  for (let layer = from; layer < to; layer++) {
    const start = coefficients + ((first + layer * layer_stride) << 2);
    if (line_stride == 1 && stride != 1) prefilter_columns(start, count, stride << 2, lines);
    else prefilter_rows(start, count, lines, line_stride << 2);
  }
}
