// Used by: src/ops/resample/resample_linear.ts
// Trilinear resampling to f32 HU, rows dense: what resample_linear rounds. Within 0.001 HU of f64 arithmetic.

// #include "common/resample_linear_f32.wgsl"
// #include "common/resample_linear.wgsl"

@group(0) @binding(3) var<storage, read_write> resampled: array<f32>;

fn store(word: u32, y: u32, z: u32, hu_pair: vec2f) {
  let at = params.out_word + ((z - params.z_first) * params.out_rows + y) * params.out_columns + word * 2u;
  resampled[at] = hu_pair.x;
  if (word * 2u + 1u < params.out_columns) {
    resampled[at + 1u] = hu_pair.y;
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  resample_column(id);
}
