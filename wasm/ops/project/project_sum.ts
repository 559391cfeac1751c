// Used by: src/ops/project/project_rays.ts
import { volume_row_bytes } from "../common/rows";

/** CPU body of shaders/project/project_sum.wgsl: sums along y or z, eight columns a step. Split: y. */
export function project_sum(
  columns: u32,
  row_stride: u32,
  ray_stride: u32,
  ray_length: u32,
  first_word: u32,
  out_word: u32,
  continued: u32,
  hu: usize,
  sums: usize,
  from: u32,
  to: u32,
): void {
  const voxels = volume_row_bytes(columns) >> 1;
  for (let row = from; row < to; row++) {
    // Two sums a word of the volume.
    const out = sums + ((out_word << 3) + row * (voxels << 2));
    if (continued == 0) memory.fill(out, 0, voxels << 2);
    let source = hu + ((first_word + row * row_stride) << 2);
    for (let i: u32 = 0; i < ray_length; i++, source += ray_stride << 2) add_row(out, source, voxels);
  }
}

function add_row(out: usize, source: usize, voxels: u32): void {
  let x: u32 = 0;
  for (; x + 8 <= voxels; x += 8) {
    const eight = v128.load(source + (x << 1));
    const at = out + (x << 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_s(eight)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_s(eight)), 16);
  }
  for (; x < voxels; x++) {
    const at = out + (x << 2);
    store<i32>(at, load<i32>(at) + <i32>load<i16>(source + (x << 1)));
  }
}
