/**
 * Where output voxels lie in the source, as shaders/common/resample_position.wgsl has it: whole voxels and
 * parts of 2^-30, sums of three table entries. Here as one integer of 2^-30 voxels an axis.
 */

export const HALF: i64 = 0x20000000;
export const PART_MASK: i64 = 0x3fffffff;

/** Of one axis (0 x, 1 y, 2 z) in a table entry. */
// @ts-ignore: decorator
@inline
export function entry_of(positions: usize, entry: u32, axis: u32): i64 {
  const at = positions + <usize>(entry * 24 + (axis << 3));
  return (<i64>load<i32>(at) << 30) + <i64>load<u32>(at, 4);
}

/** More than half a voxel beyond the outermost voxel centers. */
// @ts-ignore: decorator
@inline
export function is_outside(at: i64, size: i32): bool {
  return at < -HALF || at > (<i64>(size - 1) << 30) + HALF;
}

/** Farther out than half a voxel the value there is held. */
// @ts-ignore: decorator
@inline
export function hold(at: i64, size: i32): i64 {
  return min(max(at, -HALF), (<i64>(size - 1) << 30) + HALF);
}
