// Used by: src/ops/resample/resample_pick.ts
// Voxels copied by tables of source indices, one table an output axis: nearest neighbor, crop, pad, flip and
// permutation of axes. One invocation two voxels of x. Exact. Source slices outside [band_first, band_end)
// are not bound: their voxels are left for another pass.

struct Params {
  // Output of this pass; its first slice in the table and its first word in the binding.
  columns: u32,
  rows: u32,
  slices: u32,
  slice_first: u32,
  out_word: u32,
  // The output axis along which the source slice changes, and the source slices bound.
  band_axis: u32,
  band_first: i32,
  band_end: i32,
  source_word: u32,
  // Voxels of the padded source between neighbors along the output's x, y, z.
  stride_x: i32,
  stride_y: i32,
  stride_z: i32,
  border_hu: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
// x table, then y, then z; -1 where the border's value goes.
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read> hu: array<u32>;
@group(0) @binding(3) var<storage, read_write> picked: array<u32>;

// #include "common/volume.wgsl"

fn pick(x: u32, row: vec2i, old: i32) -> i32 {
  var index = vec3i(indices[x], row);
  if (any(index < vec3i(0))) {
    return params.border_hu;
  }
  let slice = index[params.band_axis];
  if (slice < params.band_first || slice >= params.band_end) {
    return old;
  }
  index[params.band_axis] = slice - params.band_first;
  let voxel = u32(dot(index, vec3i(params.stride_x, params.stride_y, params.stride_z)));
  let word = hu[params.source_word + (voxel >> 1u)];
  return select(voxel_low(word), voxel_high(word), (voxel & 1u) == 1u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = id.x * 2u;
  if (x >= params.columns || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let slice = params.columns + params.rows + params.slice_first + id.z;
  let row = vec2i(indices[params.columns + id.y], indices[slice]);
  let at = params.out_word + (id.z * params.rows + id.y) * ((params.columns + 1u) / 2u) + id.x;
  let old = picked[at];
  let odd = min(x + 1u, params.columns - 1u);
  picked[at] = voxel_pack(pick(x, row, voxel_low(old)), pick(odd, row, voxel_high(old)));
}
