// Runs of set voxels along x, numbered in the order x, y, z of their first voxels. A run may cross words but not rows.
// The includer declares params.columns, params.complement (0, or all ones to see the clear voxels as set), `mask`, and
// `first_run`: per word, how many runs begin in earlier words.

// #include "common/bits.wgsl"

// Word `x` of the row whose word 0 is `row`; empty beyond either end, -1 as u32 included.
fn row_word(row: u32, x: u32) -> u32 {
  let pitch = (params.columns + 31u) / 32u;
  if (x >= pitch) {
    return 0u;
  }
  return (mask[row + x] ^ params.complement) & bits_valid(params.columns, x);
}

// The run of a set voxel `bit` of `word`, the word `x` of its row.
fn run_of(row: u32, x: u32, word: u32, bit: u32) -> u32 {
  let starts = bits_starts(word, row_word(row, x - 1u));
  return first_run[row + x] + countOneBits(starts & bits_through(bit)) - 1u;
}
