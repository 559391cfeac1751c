/** Bytes to word (x, y, z) of a mask with margins, as shaders/common/padded.wgsl lays it out. */
// @ts-ignore: decorator
@inline
export function padded_byte(x: u32, y: u32, z: u32, first: u32, rows: u32, pitch: u32): usize {
  return (first + (z * rows + y) * pitch + x) << 2;
}
