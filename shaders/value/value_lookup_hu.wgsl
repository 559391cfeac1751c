// Used by: src/ops/value/map_volume.ts
// Any function of HU to int16 by a table of all 65536 int16 values, volume to volume. One invocation a word
// (two voxels). Bit-exact: integers only.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu` and in `mapped`.
  first_word: u32,
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// Entry i, two to a word, is the value for HU i - 32768.
@group(0) @binding(2) var<storage, read> lookup: array<u32>;
@group(0) @binding(3) var<storage, read_write> mapped: array<u32>;

// #include "common/volume.wgsl"

fn entry(value: i32) -> u32 {
  let i = u32(value + 32768);
  return extractBits(lookup[i / 2u], (i & 1u) * 16u, 16u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let at = (id.z * params.rows + id.y) * pitch + id.x;
  let word = hu[params.first_word + at];
  mapped[params.out_word + at] = entry(voxel_low(word)) | (entry(voxel_high(word)) << 16u);
}
