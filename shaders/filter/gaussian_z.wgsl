// Used by: src/ops/filter/gaussian.ts
// First of three passes of a separable Gaussian: int16 HU along z to f32, two to a word of the volume. One
// invocation a word and four slices. A slab's source may be more than one binding holds: then several passes,
// in ascending z, add up.

struct Params {
  columns: u32,
  rows: u32,
  // Slices of the volume; those of this slab are [z_first, z_end).
  slices: u32,
  z_first: u32,
  z_end: u32,
  // Slices [source_first, source_end) are bound, from word source_word on.
  source_first: u32,
  source_end: u32,
  source_word: u32,
  radius: u32,
  first_weight: u32,
  // 1 where an earlier pass began these sums, else 0.
  continued: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> blurred: array<vec2f>;

// #include "common/volume.wgsl"
// #include "filter/common/gaussian.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let in_slice = id.y * pitch + id.x;
  let slice = params.rows * pitch;
  let first = id.z * 4u;
  let lowest = i32(params.z_first + first) - i32(params.radius);
  var low = vec4f();
  var high = vec4f();
  let outputs = min(4u, params.z_end - params.z_first - first);
  if (params.continued == 1u) {
    for (var i = 0u; i < outputs; i++) {
      let sum = blurred[(first + i) * slice + in_slice];
      low[i] = sum.x;
      high[i] = sum.y;
    }
  }
  var weight = vec4f();
  for (var i = 0u; i < 2u * params.radius + 4u; i++) {
    weight = slide_weights(weight, i);
    let z = within_axis(lowest + i32(i), params.slices);
    if (z >= params.source_first && z < params.source_end) {
      let word = hu[params.source_word + (z - params.source_first) * slice + in_slice];
      low += weight * f32(voxel_low(word));
      high += weight * f32(voxel_high(word));
    }
  }
  for (var i = 0u; i < outputs; i++) {
    blurred[(first + i) * slice + in_slice] = vec2f(low[i], high[i]);
  }
}
