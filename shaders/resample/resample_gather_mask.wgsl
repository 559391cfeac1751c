// Used by: src/ops/resample/resample_mask.ts
// Nearest neighbor by any affine, of bits. One invocation a word: 32 voxels of x. The same on every device;
// outside the source bits are clear.

struct Params {
  source_columns: i32,
  source_rows: i32,
  source_slices: i32,
  // Output of this pass; its first slice in the table and its first word in the binding.
  columns: u32,
  rows: u32,
  slices: u32,
  slice_first: u32,
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> positions: array<vec2u>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> resampled: array<u32>;

// #include "common/resample_position.wgsl"

fn bit_at(at: Position) -> u32 {
  let size = vec3i(params.source_columns, params.source_rows, params.source_slices);
  if (is_outside(at, size)) {
    return 0u;
  }
  let voxel = vec3u(nearest_voxel(at, size));
  let pitch = (u32(size.x) + 31u) / 32u;
  let word = (voxel.z * u32(size.y) + voxel.y) * pitch + (voxel.x >> 5u);
  return (mask[word] >> (voxel.x & 31u)) & 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let row = params.columns + id.y;
  let slice = params.columns + params.rows + params.slice_first + id.z;
  let first = id.x * 32u;
  var bits = 0u;
  for (var i = 0u; i < min(32u, params.columns - first); i++) {
    bits |= bit_at(position_of(first + i, row, slice)) << i;
  }
  resampled[params.out_word + (id.z * params.rows + id.y) * pitch + id.x] = bits;
}
