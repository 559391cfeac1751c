/**
 * Source planes resampled along x and y, for trilinear resampling: x by a table of quads, y by a ring of two
 * rows, each source row made once a plane. Planes are rows of `plane_pitch` values: `T` is f32, or i32 for
 * fixed_point.ts. All in the scratch of a thread: quads, two rows, two planes.
 */
import { high_bits, low_bits, middle_bits, mix_fixed, mix_voxels } from "./fixed_point";

/** Values of a row: whole quads. */
// @ts-ignore: decorator
@inline
export function plane_pitch(out_columns: u32): u32 {
  return ((out_columns + 3) >> 2) << 2;
}

/** Bytes of the table of quads: four byte offsets of first taps, four fractions. */
// @ts-ignore: decorator
@inline
export function quads_bytes(out_columns: u32): usize {
  return <usize>(plane_pitch(out_columns) << 3);
}

// @ts-ignore: decorator
@inline
export function linear_scratch_bytes(out_columns: u32, out_rows: u32): usize {
  return quads_bytes(out_columns) + <usize>(plane_pitch(out_columns) << 2) * <usize>(2 + 2 * out_rows);
}

/** From (first tap, fraction) pairs; columns beyond the last repeat it. */
export function make_quads(taps: usize, out_columns: u32, quads: usize): void {
  const pitch = plane_pitch(out_columns);
  for (let x: u32 = 0; x < pitch; x++) {
    const tap = taps + (min(x, out_columns - 1) << 3);
    const entry = quads + ((x >> 2) << 5) + ((x & 3) << 2);
    store<u32>(entry, load<u32>(tap) << 1);
    store<u32>(entry, load<u32>(tap, 4), 16);
  }
}

/**
 * Two neighbors of a source row are one load: the low half is the left. A fraction of 0 hides a right one
 * that is padding.
 */
function resample_row<T>(source: usize, quads: usize, pitch: u32, out: usize): void {
  const end = out + (pitch << 2);
  for (; out < end; out += 16, quads += 32) {
    let pair = v128.load32_zero(source + load<u32>(quads));
    pair = v128.load32_lane(source + load<u32>(quads, 4), pair, 1);
    pair = v128.load32_lane(source + load<u32>(quads, 8), pair, 2);
    pair = v128.load32_lane(source + load<u32>(quads, 12), pair, 3);
    const left = i32x4.shr_s(i32x4.shl(pair, 16), 16);
    const right = i32x4.shr_s(pair, 16);
    if (isInteger<T>()) {
      v128.store(out, mix_voxels(left, right, v128.load(quads, 16)));
    } else {
      const a = f32x4.convert_i32x4_s(left);
      v128.store(out, f32x4.add(a, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(right), a), v128.load(quads, 16))));
    }
  }
}

/** Resamples the slice at `slice` along x and y. `taps_y` are of the output rows. */
export function make_plane<T>(
  slice: usize,
  rows: u32,
  row_bytes: u32,
  quads: usize,
  taps_y: usize,
  out_rows: u32,
  pitch: u32,
  ring: usize,
  plane: usize,
): void {
  const bytes = pitch << 2;
  let have_even: u32 = 0xffffffff;
  let have_odd: u32 = 0xffffffff;
  for (let y: u32 = 0; y < out_rows; y++, plane += bytes) {
    const first = load<u32>(taps_y + (y << 3));
    const next = min(first + 1, rows - 1);
    for (let row = first; row <= next; row++) {
      const have = row & 1 ? have_odd : have_even;
      if (have == row) continue;
      resample_row<T>(slice + row * row_bytes, quads, pitch, ring + (row & 1) * bytes);
      if (row & 1) have_odd = row;
      else have_even = row;
    }
    const above = ring + (first & 1) * bytes;
    const below = ring + (next & 1) * bytes;
    if (isInteger<T>()) blend_fixed(above, below, load<u32>(taps_y + (y << 3), 4), bytes, plane);
    else blend(above, below, f32x4.splat(load<f32>(taps_y + (y << 3), 4)), bytes, plane);
  }
}

function blend(above: usize, below: usize, fraction: v128, bytes: u32, out: usize): void {
  for (let i: u32 = 0; i < bytes; i += 16) {
    const a = v128.load(above + i);
    v128.store(out + i, f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(below + i), a), fraction)));
  }
}

function blend_fixed(above: usize, below: usize, fraction: u32, bytes: u32, out: usize): void {
  const high = high_bits(fraction);
  const middle = middle_bits(fraction);
  const low = low_bits(fraction);
  for (let i: u32 = 0; i < bytes; i += 16) {
    v128.store(out + i, mix_fixed(v128.load(above + i), v128.load(below + i), high, middle, low));
  }
}
