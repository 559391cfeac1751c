import { linear_scratch_bytes, make_plane, make_quads, plane_pitch, quads_bytes } from "./linear_planes";
import { volume_row_bytes } from "./rows";

/**
 * The two planes that an output slice lies between, kept from slice to slice, even ones in one place and odd
 * ones in another. Scratch: two words that say which source slices they hold, then what linear_planes.ts
 * takes.
 */

const HEADER: usize = 16;

// @ts-ignore: decorator
@inline
export function slices_scratch_bytes(out_columns: u32, out_rows: u32): usize {
  return HEADER + linear_scratch_bytes(out_columns, out_rows);
}

/** Prepares the scratch for a pass. */
export function begin_slices(taps: usize, out_columns: u32, scratch: usize): void {
  store<u64>(scratch, 0xffffffffffffffff);
  make_quads(taps, out_columns, scratch + HEADER);
}

/** The plane of source slice `z`, made unless it is there. */
export function plane_of<T>(
  z: u32,
  columns: u32,
  rows: u32,
  source_slice: u32,
  source: usize,
  taps_y: usize,
  out_columns: u32,
  out_rows: u32,
  scratch: usize,
): usize {
  const held = scratch + ((z & 1) << 2);
  const quads = scratch + HEADER;
  const pitch = plane_pitch(out_columns);
  const ring = quads + quads_bytes(out_columns);
  const plane = ring + <usize>(pitch << 2) * <usize>(2 + (z & 1) * out_rows);
  if (load<u32>(held) != z) {
    const row_bytes = volume_row_bytes(columns);
    const slice = source + <usize>(z - source_slice) * <usize>(rows * row_bytes);
    make_plane<T>(slice, rows, row_bytes, quads, taps_y, out_rows, pitch, ring, plane);
    store<u32>(held, z);
  }
  return plane;
}
