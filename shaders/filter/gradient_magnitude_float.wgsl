// Used by: src/ops/filter/gradient_magnitude.ts
// Gradient length to f32, in HU per mm, rows dense. One invocation two voxels.

// #include "filter/common/gradient.wgsl"

@group(0) @binding(2) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = id.x * 2u;
  if (x >= params.columns) {
    return;
  }
  let length = gradient_at(id.x, id.y, params.z_first + id.z);
  let at = params.out_word + (id.z * params.rows + id.y) * params.columns + x;
  gradient[at] = length.x;
  if (x + 1u < params.columns) {
    gradient[at + 1u] = length.y;
  }
}
