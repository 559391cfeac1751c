/** Rows of bits, 32 voxels along x to a word, lowest bit first; rows padded with zeros to whole words. */

/** Words of a row of a mask. */
// @ts-ignore: decorator
@inline
export function mask_pitch(columns: u32): u32 {
  return (columns + 31) >> 5;
}

/** Bytes of a row of a volume: two voxels to a word. */
// @ts-ignore: decorator
@inline
export function volume_row_bytes(columns: u32): u32 {
  return ((columns + 1) >> 1) << 2;
}

/** Bits of the last word of a row that are voxels. */
// @ts-ignore: decorator
@inline
export function last_valid(columns: u32): u32 {
  const rest = columns & 31;
  return rest == 0 ? 0xffffffff : (1 << rest) - 1;
}
