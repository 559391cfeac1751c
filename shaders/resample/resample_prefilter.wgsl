// Used by: src/ops/resample/resample_batches.ts, src/ops/resample/resample_passes.ts
// Samples to coefficients of the cubic B-spline through them, in place, along lines of one axis: a causal and
// an anticausal recursion (Unser, Aldroubi and Eden 1993), mirrored about the first and the last sample as
// ITK does. One invocation a line. Along all three axes, and with the taps that follow, within 0.01 HU of
// exact arithmetic for HU within +-2048.

struct Params {
  // Samples of a line, and elements between them.
  count: u32,
  stride: u32,
  // Lines: `lines` times `layers`, and elements between them.
  lines: u32,
  line_stride: u32,
  layers: u32,
  layer_stride: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> coefficients: array<f32>;

// sqrt(3) - 2. Its 20th power is 4e-12: farther samples do not reach the start of the recursion.
const pole = -0.2679491924311227;
const horizon = 20u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.lines || id.y >= params.layers || params.count == 1u) {
    return;
  }
  let first = params.first + id.x * params.line_stride + id.y * params.layer_stride;
  let period = 2u * params.count - 2u;
  var causal = 0.0;
  var power = 6.0;
  for (var k = 0u; k < horizon; k++) {
    let there = k % period;
    causal += power * coefficients[first + min(there, period - there) * params.stride];
    power *= pole;
  }
  coefficients[first] = causal;
  var before = 0.0;
  var at = first;
  for (var k = 1u; k < params.count; k++) {
    at += params.stride;
    before = causal;
    causal = 6.0 * coefficients[at] + pole * causal;
    coefficients[at] = causal;
  }
  var coefficient = (pole / (pole * pole - 1.0)) * (causal + pole * before);
  coefficients[at] = coefficient;
  for (var k = 1u; k < params.count; k++) {
    at -= params.stride;
    coefficient = pole * (coefficient - coefficients[at]);
    coefficients[at] = coefficient;
  }
}
