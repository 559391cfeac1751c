// Maximum along z: one invocation an output word (two columns of voxels). Exact.
// Slabs accumulate: a pass keeps the larger of what the projection holds and its own slices.

struct Params {
  columns: u32,
  rows: u32,
  slices: u32,
  // First word of the slab in `hu`.
  first_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> projection: array<u32>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let at = id.y * pitch + id.x;
  let held = projection[at];
  var low = voxel_low(held);
  var high = voxel_high(held);
  for (var z = 0u; z < params.slices; z++) {
    let word = hu[params.first_word + z * params.rows * pitch + at];
    low = max(low, voxel_low(word));
    high = max(high, voxel_high(word));
  }
  projection[at] = voxel_pack(low, high);
}
