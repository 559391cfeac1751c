// Used by: src/ops/value/histogram.ts
// Counts of every int16 value over all voxels. Exact below 2^32 voxels.

// #include "value/common/histogram.wgsl"

fn taken(row: u32, word: u32) -> u32 {
  return 3u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  count_column(id, group);
}
