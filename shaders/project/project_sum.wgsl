// Used by: src/ops/project/project_rays.ts
// Sums along y or z: images whose rows run along x, two i32 a word of the volume. One invocation two columns
// of voxels. Exact for rays of up to 65536 voxels.

struct Params {
  columns: u32,
  // Words from one row of the image to the next, and from one voxel of a ray to the next, in `hu`.
  row_stride: u32,
  ray_stride: u32,
  ray_length: u32,
  // First word of the slab in `hu`, and of its first row in `sums`.
  first_word: u32,
  out_word: u32,
  // 1 where an earlier slab began these rays, else 0.
  continued: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec2i>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let out = params.out_word + id.y * pitch + id.x;
  var sum = select(vec2i(), sums[out], params.continued == 1u);
  var at = params.first_word + id.y * params.row_stride + id.x;
  for (var i = 0u; i < params.ray_length; i++) {
    let word = hu[at];
    sum += vec2i(voxel_low(word), voxel_high(word));
    at += params.ray_stride;
  }
  sums[out] = sum;
}
