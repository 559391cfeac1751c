// Used by: src/ops/value/histogram.ts
// Counts of every int16 value over the voxels of a mask. Exact below 2^32 voxels.

// #include "value/common/histogram.wgsl"

@group(0) @binding(3) var<storage, read> mask: array<u32>;

fn taken(row: u32, word: u32) -> u32 {
  let mask_pitch = (params.columns + 31u) / 32u;
  return extractBits(mask[params.mask_word + row * mask_pitch + word / 16u], (word & 15u) * 2u, 2u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  count_column(id, group);
}
