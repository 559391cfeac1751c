// Used by: src/ops/resample/resample_passes.ts
// int16 HU to f32, resampled along x: the first of the passes along the axes. One invocation an output voxel.
// Within n roundings of f32 for n taps.

// #include "common/resample_taps.wgsl"
// #include "common/volume.wgsl"

// `stride_*` and elements count voxels of padded rows.
@group(0) @binding(2) var<storage, read> hu: array<u32>;
@group(0) @binding(3) var<storage, read_write> widened: array<f32>;

fn source_at(element: u32) -> f32 {
  let word = hu[element >> 1u];
  return f32(select(voxel_low(word), voxel_high(word), (element & 1u) == 1u)) - params.border_hu;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (in_pass(id)) {
    widened[out_element(id, params.columns)] = sum_taps(id);
  }
}
