// Used by: src/ops/resample/resample_linear.ts
import { plane_pitch } from "../common/linear_planes";
import { begin_slices, plane_of, slices_scratch_bytes } from "../common/linear_slices";
import { narrow8, round4 } from "../common/round";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/resample/resample_linear.wgsl: x, then y, then z, each source plane made once; the same
 * products and sums in the same order, so equal to it where it fuses none. Split: z.
 */
export function resample_linear(
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
  const out_bytes = volume_row_bytes(out_columns);
  begin_slices(taps, out_columns, scratch);
  const end = min(z_end, z_first + to * depth);
  for (let z = z_first + from * depth; z < end; z++) {
    const first = load<u32>(taps_z + (z << 3));
    const next = min(first + 1, slices - 1);
    const near = plane_of<f32>(first, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const far = plane_of<f32>(next, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const out = resampled + ((out_word << 2) + (z - z_first) * out_rows * out_bytes);
    round_slice(near, far, load<f32>(taps_z + (z << 3), 4), out_columns, out_rows, out);
  }
}

export function resample_linear_scratch(out_columns: u32, out_rows: u32): usize {
  return slices_scratch_bytes(out_columns, out_rows);
}

function round_slice(near: usize, far: usize, fraction: f32, out_columns: u32, out_rows: u32, out: usize): void {
  const pitch = plane_pitch(out_columns) << 2;
  const part = f32x4.splat(fraction);
  // An odd row's padding voxel repeats its last.
  const voxels = (out_columns + 1) & ~1;
  for (let y: u32 = 0; y < out_rows; y++, near += pitch, far += pitch, out += voxels << 1) {
    let x: u32 = 0;
    for (; x + 8 <= voxels; x += 8) {
      v128.store(out + (x << 1), narrow8(mix(near + (x << 2), far + (x << 2), part), mix(near + (x << 2) + 16, far + (x << 2) + 16, part)));
    }
    for (; x < voxels; x += 2) {
      const four = round4(mix(near + (x << 2), far + (x << 2), part));
      store<u32>(out + (x << 1), i32x4.extract_lane(i16x8.narrow_i32x4_s(four, four), 0));
    }
  }
}

// @ts-ignore: decorator
@inline
function mix(near: usize, far: usize, part: v128): v128 {
  const a = v128.load(near);
  return f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(far), a), part));
}
