// Used by: src/ops/filter/gaussian.ts
// Second of three passes of a separable Gaussian: f32 along y. One invocation two voxels, as they lie in a
// word of the volume, and four rows.

struct Params {
  columns: u32,
  rows: u32,
  radius: u32,
  first_weight: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<vec2f>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> blurred: array<vec2f>;

// #include "filter/common/gaussian.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let column = id.z * params.rows * pitch + id.x;
  let first = id.y * 4u;
  let lowest = i32(first) - i32(params.radius);
  var low = vec4f();
  var high = vec4f();
  var weight = vec4f();
  for (var i = 0u; i < 2u * params.radius + 4u; i++) {
    weight = slide_weights(weight, i);
    let value = source[column + within_axis(lowest + i32(i), params.rows) * pitch];
    low += weight * value.x;
    high += weight * value.y;
  }
  for (var i = 0u; i < min(4u, params.rows - first); i++) {
    blurred[column + (first + i) * pitch] = vec2f(low[i], high[i]);
  }
}
