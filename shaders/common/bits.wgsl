// Rows of bits, 32 voxels along x to a word, lowest bit first.

// Bits of word `x` that are voxels of a row of `columns`; the others are padding.
fn bits_valid(columns: u32, x: u32) -> u32 {
  let voxels = columns - min(columns, x * 32u);
  return select((1u << (voxels & 31u)) - 1u, 0xffffffffu, voxels >= 32u);
}

// First bits of the runs that begin in `word`; `previous` is the word before it in the row.
fn bits_starts(word: u32, previous: u32) -> u32 {
  return word & ~((word << 1u) | (previous >> 31u));
}

// Bits 0 to `last`.
fn bits_through(last: u32) -> u32 {
  return 0xffffffffu >> (31u - last);
}

// The lowest unbroken group of set bits; 0 for 0.
fn bits_lowest_group(word: u32) -> u32 {
  let carried = word + (word & (0u - word));
  return word & ~carried;
}
