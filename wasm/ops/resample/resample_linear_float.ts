// Used by: src/ops/resample/resample_linear.ts
import { plane_pitch } from "../common/linear_planes";
import { begin_slices, plane_of, slices_scratch_bytes } from "../common/linear_slices";

/**
 * CPU body of shaders/resample/resample_linear_float.wgsl: as resample_linear, unrounded, rows dense.
 * Split: z.
 */
export function resample_linear_float(
  columns: u32,
  rows: u32,
  slices: u32,
  out_columns: u32,
  out_rows: u32,
  z_first: u32,
  z_end: u32,
  depth: u32,
  source_slice: u32,
  source_word: u32,
  out_word: u32,
  hu: usize,
  taps: usize,
  resampled: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const source = hu + (source_word << 2);
  const taps_y = taps + (out_columns << 3);
  const taps_z = taps_y + (out_rows << 3);
  begin_slices(taps, out_columns, scratch);
  const end = min(z_end, z_first + to * depth);
  for (let z = z_first + from * depth; z < end; z++) {
    const first = load<u32>(taps_z + (z << 3));
    const next = min(first + 1, slices - 1);
    const near = plane_of<f32>(first, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const far = plane_of<f32>(next, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const out = resampled + ((out_word + (z - z_first) * out_rows * out_columns) << 2);
    mix_slice(near, far, load<f32>(taps_z + (z << 3), 4), out_columns, out_rows, out);
  }
}

export function resample_linear_float_scratch(out_columns: u32, out_rows: u32): usize {
  return slices_scratch_bytes(out_columns, out_rows);
}

function mix_slice(near: usize, far: usize, fraction: f32, out_columns: u32, out_rows: u32, out: usize): void {
  const pitch = plane_pitch(out_columns) << 2;
  const part = f32x4.splat(fraction);
  for (let y: u32 = 0; y < out_rows; y++, near += pitch, far += pitch, out += out_columns << 2) {
    let x: u32 = 0;
    for (; x + 4 <= out_columns; x += 4) {
      const a = v128.load(near + (x << 2));
      v128.store(out + (x << 2), f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(far + (x << 2)), a), part)));
    }
    for (; x < out_columns; x++) {
      const a = load<f32>(near + (x << 2));
      store<f32>(out + (x << 2), a + (load<f32>(far + (x << 2)) - a) * fraction);
    }
  }
}
