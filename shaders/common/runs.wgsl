// Runs of set voxels along x, numbered in the order x, y, z of their first voxels. A run may cross words but
// not rows. The includer declares `mask`, params.columns, and params.complement: 0, or all ones to see the
// clear voxels as set.

// #include "common/bits.wgsl"

fn row_words() -> u32 {
  return (params.columns + 31u) / 32u;
}

// Word `x` of a row, counted over all slices; empty past its end.
fn row_word(row: u32, x: u32) -> u32 {
  let pitch = row_words();
  if (x >= pitch) {
    return 0u;
  }
  return (mask[row * pitch + x] ^ params.complement) & bits_valid(params.columns, x);
}
