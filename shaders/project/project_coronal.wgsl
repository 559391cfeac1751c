// Maximum along y: an image of z rows. One invocation an output word (two columns of voxels). Exact.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`, and of its first row in `projection`.
  first_word: u32,
  out_word: u32,
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
  var low = -32768;
  var high = -32768;
  for (var y = 0u; y < params.rows; y++) {
    let word = hu[params.first_word + (id.y * params.rows + y) * pitch + id.x];
    low = max(low, voxel_low(word));
    high = max(high, voxel_high(word));
  }
  projection[params.out_word + id.y * pitch + id.x] = voxel_pack(low, high);
}
