import { entry_of, HALF, hold, is_outside, PART_MASK } from "./gather_position";

/**
 * Interpolation at any position from a band of f32 source slices: 1, 8 or 64 taps, as
 * shaders/common/resample_gather.wgsl. A row of samples is written to `row`; where another band owns a sample
 * it is NaN, which no sample is.
 */

/** Bytes of a row, and of the offsets and weights of four taps along x. */
// @ts-ignore: decorator
@inline
export function gather_bytes(columns: u32): usize {
  return <usize>((columns + 8) << 2);
}

export function gather_row(
  source_columns: i32,
  source_rows: i32,
  source_slices: i32,
  band_first: i32,
  band_end: i32,
  held_first: i32,
  columns: u32,
  row_entry: u32,
  slice_entry: u32,
  taps: i32,
  spline: u32,
  constant: u32,
  border_hu: f32,
  positions: usize,
  source: usize,
  row: usize,
): void {
  const base_x = entry_of(positions, row_entry, 0) + entry_of(positions, slice_entry, 0);
  const base_y = entry_of(positions, row_entry, 1) + entry_of(positions, slice_entry, 1);
  const base_z = entry_of(positions, row_entry, 2) + entry_of(positions, slice_entry, 2);
  for (let x: u32 = 0; x < columns; x++) {
    const at_x = base_x + entry_of(positions, x, 0);
    const at_y = base_y + entry_of(positions, x, 1);
    const at_z = base_z + entry_of(positions, x, 2);
    const out = row + (x << 2);
    if (
      constant == 1 &&
      (is_outside(at_x, source_columns) || is_outside(at_y, source_rows) || is_outside(at_z, source_slices))
    ) {
      store<f32>(out, border_hu);
      continue;
    }
    const held_x = hold(at_x, source_columns);
    const held_y = hold(at_y, source_rows);
    const held_z = hold(at_z, source_slices);
    const owner = min(max(<i32>(held_z >> 30), 0), source_slices - 1);
    if (owner < band_first || owner >= band_end) {
      store<f32>(out, NaN);
      continue;
    }
    let sample: f32 = 0;
    if (taps == 2) {
      sample = linear(held_x, held_y, held_z, source_columns, source_rows, source_slices, held_first, source);
    } else if (taps == 1) {
      const nx = nearest(at_x, source_columns);
      const ny = nearest(at_y, source_rows);
      const nz = nearest(at_z, source_slices) - held_first;
      sample = load<f32>(source + (<usize>((nz * source_rows + ny) * source_columns + nx) << 2));
    } else {
      sample = cubic(held_x, held_y, held_z, source_columns, source_rows, source_slices, held_first, spline, source);
    }
    store<f32>(out, sample);
  }
}

/** Halves go up. */
// @ts-ignore: decorator
@inline
function nearest(at: i64, size: i32): i32 {
  return min(max(<i32>((at + HALF) >> 30), 0), size - 1);
}

// @ts-ignore: decorator
@inline
function fraction(at: i64): f32 {
  return <f32>(<i32>((at & PART_MASK) >> 6)) * <f32>5.9604644775390625e-8;
}

// @ts-ignore: decorator
@inline
function clamped(index: i32, size: i32): i32 {
  return min(max(index, 0), size - 1);
}

/** Rows of a pair are a vector: (left, right) of two rows at a time. */
// @ts-ignore: decorator
@inline
function linear(
  at_x: i64,
  at_y: i64,
  at_z: i64,
  size_x: i32,
  size_y: i32,
  size_z: i32,
  held_first: i32,
  source: usize,
): f32 {
  const x = <i32>(at_x >> 30);
  const y = <i32>(at_y >> 30);
  const z = <i32>(at_z >> 30);
  const tx = fraction(at_x);
  const ty = fraction(at_y);
  const tz = fraction(at_z);
  const x0 = clamped(x, size_x) << 2;
  const x1 = clamped(x + 1, size_x) << 2;
  const pitch = size_x << 2;
  const y0 = clamped(y, size_y) * pitch;
  const y1 = clamped(y + 1, size_y) * pitch;
  const slice = size_y * pitch;
  const z0 = source + <usize>((clamped(z, size_z) - held_first) * slice);
  const z1 = source + <usize>((clamped(z + 1, size_z) - held_first) * slice);
  // Lanes: the rows (y0, z0), (y1, z0), (y0, z1), (y1, z1).
  let left = v128.load32_zero(z0 + y0 + x0);
  left = v128.load32_lane(z0 + y1 + x0, left, 1);
  left = v128.load32_lane(z1 + y0 + x0, left, 2);
  left = v128.load32_lane(z1 + y1 + x0, left, 3);
  let right = v128.load32_zero(z0 + y0 + x1);
  right = v128.load32_lane(z0 + y1 + x1, right, 1);
  right = v128.load32_lane(z1 + y0 + x1, right, 2);
  right = v128.load32_lane(z1 + y1 + x1, right, 3);
  const rows = f32x4.add(f32x4.mul(f32x4.splat(1 - tx), left), f32x4.mul(f32x4.splat(tx), right));
  const weighted = f32x4.mul(rows, f32x4(1 - ty, ty, 1 - ty, ty));
  const near = f32x4.extract_lane(weighted, 0) + f32x4.extract_lane(weighted, 1);
  const far = f32x4.extract_lane(weighted, 2) + f32x4.extract_lane(weighted, 3);
  return (1 - tz) * near + tz * far;
}

/** Weights of four taps, the first one voxel before: of the B-spline, or Catmull-Rom's. */
// @ts-ignore: decorator
@inline
function weights_of(t: f32, spline: u32): v128 {
  const s: f32 = 1 - t;
  if (spline == 1) {
    return f32x4.mul(
      f32x4(s * s * s, 4 - 3 * t * t * (2 - t), 4 - 3 * s * s * (2 - s), t * t * t),
      f32x4.splat(<f32>(1.0 / 6.0)),
    );
  }
  return f32x4.mul(
    f32x4(-t * s * s, 2 - t * t * (5 - 3 * t), 2 - s * s * (5 - 3 * s), -s * t * t),
    f32x4.splat(0.5),
  );
}

/** Index of a tap: mirrored about the outermost voxels for the spline, else held. */
// @ts-ignore: decorator
@inline
function tap(index: i32, size: i32, spline: u32): i32 {
  if (spline == 0) return clamped(index, size);
  const period = max(2 * size - 2, 1);
  const there = (index < 0 ? -index : index) % period;
  return min(there, period - there);
}

function cubic(
  at_x: i64,
  at_y: i64,
  at_z: i64,
  size_x: i32,
  size_y: i32,
  size_z: i32,
  held_first: i32,
  spline: u32,
  source: usize,
): f32 {
  const x = <i32>(at_x >> 30) - 1;
  const y = <i32>(at_y >> 30) - 1;
  const z = <i32>(at_z >> 30) - 1;
  const wx = weights_of(fraction(at_x), spline);
  const wy = weights_of(fraction(at_y), spline);
  const wz = weights_of(fraction(at_z), spline);
  const pitch = size_x << 2;
  const slice = size_y * pitch;
  const y0 = tap(y, size_y, spline) * pitch;
  const y1 = tap(y + 1, size_y, spline) * pitch;
  const y2 = tap(y + 2, size_y, spline) * pitch;
  const y3 = tap(y + 3, size_y, spline) * pitch;
  const inside = x >= 0 && x + 4 <= size_x;
  const x0 = tap(x, size_x, spline) << 2;
  const x1 = tap(x + 1, size_x, spline) << 2;
  const x2 = tap(x + 2, size_x, spline) << 2;
  const x3 = tap(x + 3, size_x, spline) << 2;
  let sum = f32x4.splat(0);
  for (let k = 0; k < 4; k++) {
    const plane = source + <usize>((tap(z + k, size_z, spline) - held_first) * slice);
    const weight = k == 0 ? f32x4.extract_lane(wz, 0) : k == 1 ? f32x4.extract_lane(wz, 1) : k == 2 ? f32x4.extract_lane(wz, 2) : f32x4.extract_lane(wz, 3);
    let rows = f32x4.mul(f32x4.splat(f32x4.extract_lane(wy, 0)), four(plane + y0, x0, x1, x2, x3, inside));
    rows = f32x4.add(rows, f32x4.mul(f32x4.splat(f32x4.extract_lane(wy, 1)), four(plane + y1, x0, x1, x2, x3, inside)));
    rows = f32x4.add(rows, f32x4.mul(f32x4.splat(f32x4.extract_lane(wy, 2)), four(plane + y2, x0, x1, x2, x3, inside)));
    rows = f32x4.add(rows, f32x4.mul(f32x4.splat(f32x4.extract_lane(wy, 3)), four(plane + y3, x0, x1, x2, x3, inside)));
    sum = f32x4.add(sum, f32x4.mul(f32x4.splat(weight), rows));
  }
  const each = f32x4.mul(sum, wx);
  return f32x4.extract_lane(each, 0) + f32x4.extract_lane(each, 1) + f32x4.extract_lane(each, 2) + f32x4.extract_lane(each, 3);
}

/** Four taps of a row: neighbors in memory unless the edge is near. */
// @ts-ignore: decorator
@inline
function four(row: usize, x0: i32, x1: i32, x2: i32, x3: i32, inside: bool): v128 {
  if (inside) return v128.load(row + x0);
  let taps = v128.load32_zero(row + x0);
  taps = v128.load32_lane(row + x1, taps, 1);
  taps = v128.load32_lane(row + x2, taps, 2);
  return v128.load32_lane(row + x3, taps, 3);
}
