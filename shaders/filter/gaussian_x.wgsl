// Used by: src/ops/filter/gaussian.ts
// Last of three passes of a separable Gaussian: f32 along x, rounded to int16 HU, halves away from zero. One
// invocation two words (four voxels).

struct Params {
  columns: u32,
  rows: u32,
  radius: u32,
  first_weight: u32,
  // First word of the slab in `filtered`.
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Rows padded to an even width.
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> filtered: array<u32>;

// #include "common/volume.wgsl"
// #include "filter/common/gaussian.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x * 2u >= pitch) {
    return;
  }
  let row = (id.z * params.rows + id.y) * pitch;
  let lowest = i32(id.x * 4u) - i32(params.radius);
  var sum = vec4f();
  var weight = vec4f();
  for (var i = 0u; i < 2u * params.radius + 4u; i++) {
    weight = slide_weights(weight, i);
    sum += weight * source[row * 2u + within_axis(lowest + i32(i), params.columns)];
  }
  let rounded = vec4i(sum + sign(sum) * 0.5);
  let out = params.out_word + row + id.x * 2u;
  filtered[out] = voxel_pack(rounded.x, rounded.y);
  if (id.x * 2u + 1u < pitch) {
    filtered[out + 1u] = voxel_pack(rounded.z, rounded.w);
  }
}
