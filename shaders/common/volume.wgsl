// Packed int16 voxels: two to a u32, the even x in the low half; rows padded to an even width so that each
// starts on a word. Shifts, because extractBits, with bounds to check, is several instructions more.

// The voxel at the even x of a word, sign-extended.
fn voxel_low(word: u32) -> i32 {
  return i32(word << 16u) >> 16u;
}

// The voxel at the odd x of a word, sign-extended.
fn voxel_high(word: u32) -> i32 {
  return i32(word) >> 16u;
}

fn voxel_pack(low: i32, high: i32) -> u32 {
  return (u32(low) & 0xffffu) | (u32(high) << 16u);
}
