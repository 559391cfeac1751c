// Used by: src/ops/value/volume_from_tensor.ts
// Floats of a dense tensor to the int16 record: (value - intercept) * steps, to the nearest, halves away from
// zero, held within int16; what is no number is the least. One invocation a word of the record. Bit-exact on
// every device: a difference, then a product, each rounded once, and no sum behind it that could be fused.

struct Params {
  columns: u32,
  // Rows of the slab, of all its slices.
  lines: u32,
  // First word of the slab in `hu`.
  hu_word: u32,
  intercept: f32,
  // Steps of the record for one unit: 1 / slope.
  steps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tensor: array<f32>;
@group(0) @binding(2) var<storage, read_write> hu: array<u32>;

// #include "common/number.wgsl"
// #include "common/volume.wgsl"
// #include "common/resample_round.wgsl"

fn step_of(value: f32) -> f32 {
  if (!is_number(value)) {
    return -32768.0;
  }
  return clamp((value - params.intercept) * params.steps, -32768.0, 32767.0);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  let at = id.y * groups.x * 64u + id.x;
  let row = at / pitch;
  if (row >= params.lines) {
    return;
  }
  let x = 2u * (at - row * pitch);
  let first = row * params.columns + x;
  var pair = vec2f(step_of(tensor[first]), 0.0);
  if (x + 1u < params.columns) {
    pair.y = step_of(tensor[first + 1u]);
  }
  hu[params.hu_word + at] = round_pair(pair);
}
