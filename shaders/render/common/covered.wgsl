// What of an axis a texel of a coarser grid of the same extent covers. `ratio` is voxels to texels in lowest
// terms: in parts of 1 / ratio.y of a voxel, texel k covers [k * ratio.x, (k + 1) * ratio.x). All whole
// numbers: where a factor divides the axis, every voxel has weight 1.

// The first voxel, and the one behind the last.
fn covered(texel: u32, ratio: vec2u) -> vec2u {
  return vec2u(texel * ratio.x / ratio.y, ((texel + 1u) * ratio.x + ratio.y - 1u) / ratio.y);
}

// Parts of the voxel that belong to the texel.
fn parts_of(voxel: u32, texel: u32, ratio: vec2u) -> u32 {
  return min((voxel + 1u) * ratio.y, (texel + 1u) * ratio.x) - max(voxel * ratio.y, texel * ratio.x);
}
