// Used by: src/ops/mask/count_voxels.ts
// Set voxels of each slice: one invocation a row, one atomic each. Exact up to 2^32 - 1 voxels a slice.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> voxels: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let z = params.first_slice + id.y;
  let pitch = (params.columns + 31u) / 32u;
  let row = (z * params.rows + id.x) * pitch;
  var count = 0u;
  for (var x = 0u; x < pitch; x++) {
    count += countOneBits(mask[row + x]);
  }
  if (count > 0u) {
    atomicAdd(&voxels[z], count);
  }
}
