// The voxels of word `word` of a row and their neighbors along x: columns 2 * word - 1 to 2 * word + 2, the
// edge repeated. The includer declares `hu` and params.columns, rows, source_slice, source_word.

fn row_neighbors(word: u32, y: u32, z: u32) -> vec4i {
  let pitch = (params.columns + 1u) / 2u;
  let row = params.source_word + ((z - params.source_slice) * params.rows + y) * pitch;
  let here = hu[row + word];
  let low = voxel_low(here);
  // The padding voxel of an odd row is not data.
  let high = select(low, voxel_high(here), 2u * word + 1u < params.columns);
  let before = select(voxel_high(hu[row + max(word, 1u) - 1u]), low, word == 0u);
  let after = select(high, voxel_low(hu[row + min(word + 1u, pitch - 1u)]), 2u * word + 2u < params.columns);
  return vec4i(before, low, high, after);
}
