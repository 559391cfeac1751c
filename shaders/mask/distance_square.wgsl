// Used by: src/ops/mask/distance_slabs.ts
// Squared distances in mm² along z, dense float32, from counts of slices: one invocation a voxel.

struct Params {
  columns: u32,
  rows: u32,
  slices: u32,
  steps_word: u32,
  // Slice spacing, squared.
  weight: f32,
  // What stands for none.
  nowhere: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> steps: array<u32>;
@group(0) @binding(2) var<storage, read_write> squares: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.columns || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let word = steps[params.steps_word + row * ((params.columns + 1u) / 2u) + id.x / 2u];
  let away = (word >> ((id.x & 1u) * 16u)) & 0xffffu;
  let square = f32(away) * f32(away) * params.weight;
  squares[row * params.columns + id.x] = select(square, params.nowhere, away == 0xffffu);
}
