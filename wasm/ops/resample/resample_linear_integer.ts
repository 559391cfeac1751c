// Used by: src/ops/resample/resample_linear.ts
import { high_bits, low_bits, middle_bits, mix_fixed, round_fixed } from "../common/fixed_point";
import { plane_pitch } from "../common/linear_planes";
import { begin_slices, plane_of, slices_scratch_bytes } from "../common/linear_slices";
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/resample/resample_linear_integer.wgsl: as resample_linear, in integers alone. Split: z.
 */
export function resample_linear_integer(
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
    const near = plane_of<i32>(first, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const far = plane_of<i32>(next, columns, rows, source_slice, source, taps_y, out_columns, out_rows, scratch);
    const out = resampled + ((out_word << 2) + (z - z_first) * out_rows * out_bytes);
    round_slice(near, far, load<u32>(taps_z + (z << 3), 4), out_columns, out_rows, out);
  }
}

export function resample_linear_integer_scratch(out_columns: u32, out_rows: u32): usize {
  return slices_scratch_bytes(out_columns, out_rows);
}

function round_slice(near: usize, far: usize, fraction: u32, out_columns: u32, out_rows: u32, out: usize): void {
  const pitch = plane_pitch(out_columns) << 2;
  const high = high_bits(fraction);
  const middle = middle_bits(fraction);
  const low = low_bits(fraction);
  // An odd row's padding voxel repeats its last.
  const voxels = (out_columns + 1) & ~1;
  for (let y: u32 = 0; y < out_rows; y++, near += pitch, far += pitch, out += voxels << 1) {
    let x: u32 = 0;
    for (; x + 8 <= voxels; x += 8) {
      const at: usize = x << 2;
      const first = round_fixed(mix_fixed(v128.load(near + at), v128.load(far + at), high, middle, low));
      const second = round_fixed(mix_fixed(v128.load(near + at, 16), v128.load(far + at, 16), high, middle, low));
      v128.store(out + (x << 1), i16x8.narrow_i32x4_s(first, second));
    }
    for (; x < voxels; x += 2) {
      const at: usize = x << 2;
      const four = round_fixed(mix_fixed(v128.load(near + at), v128.load(far + at), high, middle, low));
      store<u32>(out + (x << 1), i32x4.extract_lane(i16x8.narrow_i32x4_s(four, four), 0));
    }
  }
}
