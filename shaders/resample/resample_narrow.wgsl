// Used by: src/ops/resample/resample_separable.ts
// f32 to int16 HU, resampled along y or z: the last of the passes along the axes. One invocation two voxels
// of x. Rounded to the nearest, halves away from zero, held within int16.

// #include "common/resample_taps.wgsl"
// #include "common/volume.wgsl"
// #include "common/resample_round.wgsl"

@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read_write> resampled: array<u32>;

fn source_at(element: u32) -> f32 {
  return source[element];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let even = vec3u(id.x * 2u, id.y, id.z);
  if (!in_pass(even)) {
    return;
  }
  let odd = vec3u(min(even.x + 1u, params.columns - 1u), id.y, id.z);
  let pair = vec2f(sum_taps(even), sum_taps(odd)) + params.border_hu;
  resampled[out_element(id, (params.columns + 1u) / 2u)] = round_pair(pair);
}
