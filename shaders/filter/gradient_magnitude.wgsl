// Used by: src/ops/filter/gradient_magnitude.ts
// Gradient length to int16, in HU per mm, rounded to the nearest and held at 32767. One invocation a word
// (two voxels).

// #include "filter/common/gradient.wgsl"

@group(0) @binding(2) var<storage, read_write> gradient: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let rounded = vec2i(min(gradient_at(id.x, id.y, params.z_first + id.z), vec2f(32767.0)) + 0.5);
  gradient[params.out_word + (id.z * params.rows + id.y) * pitch + id.x] = voxel_pack(rounded.x, rounded.y);
}
