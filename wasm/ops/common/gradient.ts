import { volume_row_bytes } from "./rows";

/**
 * Lengths of the gradient of a row as f32, by the sums of shaders/filter/common/gradient.wgsl in their order:
 * central differences, one-sided at the faces. `source` is the slab, which begins at slice `source_slice`.
 */
export function gradient_row(
  source: usize,
  columns: u32,
  rows: u32,
  slices: u32,
  source_slice: u32,
  y: u32,
  z: u32,
  per_mm_x: f32,
  per_mm_y: f32,
  per_mm_z: f32,
  out: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  const slice_bytes = rows * row_bytes;
  const slice = source + (z - source_slice) * slice_bytes;
  const row = slice + y * row_bytes;
  const above = slice + (max(y, 1) - 1) * row_bytes;
  const below = slice + min(y + 1, rows - 1) * row_bytes;
  const before = source + (max(z, 1) - 1 - source_slice) * slice_bytes + y * row_bytes;
  const after = source + (min(z + 1, slices - 1) - source_slice) * slice_bytes + y * row_bytes;
  const fy = per_step(y, rows) * per_mm_y;
  const fz = per_step(z, slices) * per_mm_z;
  // Faces of x by themselves, then what is between.
  face(row, above, below, before, after, 0, columns, per_mm_x, fy, fz, out);
  let x: u32 = 1;
  const fx: f32 = <f32>0.5 * per_mm_x;
  for (; x + 5 <= columns; x += 4) {
    const at: usize = x << 1;
    const dx = f32x4.mul(difference(row + at - 2, row + at + 2), f32x4.splat(fx));
    const dy = f32x4.mul(difference(above + at, below + at), f32x4.splat(fy));
    const dz = f32x4.mul(difference(before + at, after + at), f32x4.splat(fz));
    const sum = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
    v128.store(out + (x << 2), f32x4.sqrt(sum));
  }
  for (; x < columns; x++) face(row, above, below, before, after, x, columns, per_mm_x, fy, fz, out);
}

/** Over two steps inside, over one at a face. */
// @ts-ignore: decorator
@inline
function per_step(i: u32, count: u32): f32 {
  return i == 0 || i + 1 == count ? 1 : 0.5;
}

/** Of four voxels. */
// @ts-ignore: decorator
@inline
function difference(from: usize, to: usize): v128 {
  const a = i32x4.extend_low_i16x8_s(v128.load64_zero(from));
  const b = i32x4.extend_low_i16x8_s(v128.load64_zero(to));
  return f32x4.convert_i32x4_s(i32x4.sub(b, a));
}

function face(
  row: usize,
  above: usize,
  below: usize,
  before: usize,
  after: usize,
  x: u32,
  columns: u32,
  per_mm_x: f32,
  fy: f32,
  fz: f32,
  out: usize,
): void {
  const left = <i32>load<i16>(row + ((max(x, 1) - 1) << 1));
  const right = <i32>load<i16>(row + (min(x + 1, columns - 1) << 1));
  const at: usize = x << 1;
  const dx: f32 = <f32>(right - left) * (per_step(x, columns) * per_mm_x);
  const dy: f32 = <f32>(<i32>load<i16>(below + at) - <i32>load<i16>(above + at)) * fy;
  const dz: f32 = <f32>(<i32>load<i16>(after + at) - <i32>load<i16>(before + at)) * fz;
  store<f32>(out + (x << 2), sqrt<f32>(dx * dx + dy * dy + dz * dz));
}
