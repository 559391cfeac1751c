// Used by: src/ops/resample/resample_linear.ts
// Trilinear resampling to int16 HU, rounded to the nearest, halves away from zero. One invocation two voxels
// of x, one y, `depth` of z. Within 0.001 HU of f64 arithmetic before rounding (devices may fuse a multiply
// and an add), so within 1 after it at exact halves.

// #include "common/resample_linear_f32.wgsl"
// #include "common/resample_linear.wgsl"
// #include "common/resample_round.wgsl"

@group(0) @binding(3) var<storage, read_write> resampled: array<u32>;

fn store(word: u32, y: u32, z: u32, hu_pair: vec2f) {
  let pitch = (params.out_columns + 1u) / 2u;
  let at = params.out_word + ((z - params.z_first) * params.out_rows + y) * pitch + word;
  resampled[at] = round_pair(hu_pair);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  resample_column(id);
}
