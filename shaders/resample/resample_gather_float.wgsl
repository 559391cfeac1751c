// Used by: src/ops/resample/resample_oblique.ts
// Resampling by any affine to f32 HU, rows dense: what resample_gather rounds.

// #include "common/resample_gather.wgsl"

@group(0) @binding(3) var<storage, read_write> resampled: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.columns || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let sample = gather(id.x, id.y, id.z);
  if (sample.owned) {
    resampled[params.out_first + (id.z * params.rows + id.y) * params.columns + id.x] = sample.hu;
  }
}
