// Used by: src/ops/project/project_rays.ts
// Maximum or minimum along y or z: images whose rows run along x. One invocation an output word (two columns
// of voxels). Exact.

struct Params {
  columns: u32,
  // Words from one row of the image to the next, and from one voxel of a ray to the next, in `hu`.
  row_stride: u32,
  ray_stride: u32,
  ray_length: u32,
  // First word of the slab in `hu`, and of its first row in `projection`.
  first_word: u32,
  out_word: u32,
  // 1 where an earlier slab began these rays, else 0.
  continued: u32,
  // All ones for the minimum, which is the complement of the complements' maximum; else 0.
  flip: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> projection: array<u32>;

// #include "common/volume.wgsl"

fn pair_of(word: u32) -> vec2i {
  return vec2i(voxel_low(word), voxel_high(word)) ^ vec2i(params.flip);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let out = params.out_word + id.y * pitch + id.x;
  var most = select(vec2i(-32768), pair_of(projection[out]), params.continued == 1u);
  var at = params.first_word + id.y * params.row_stride + id.x;
  for (var i = 0u; i < params.ray_length; i++) {
    most = max(most, pair_of(hu[at]));
    at += params.ray_stride;
  }
  most ^= vec2i(params.flip);
  projection[out] = voxel_pack(most.x, most.y);
}
