// Used by: src/ops/resample/resample_passes.ts, src/ops/resample/resample_separable.ts
// f32 to f32, resampled along one axis. One invocation an output voxel. Within n roundings of f32 for n taps.

// #include "common/resample_taps.wgsl"

@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read_write> resampled: array<f32>;

fn source_at(element: u32) -> f32 {
  return source[element];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (in_pass(id)) {
    resampled[out_element(id, params.columns)] = sum_taps(id) + params.border_hu;
  }
}
