// Last of three passes of a separable Gaussian: f32 along x, rounded to int16 HU, halves away from zero. One invocation a word.

struct Params {
  columns: u32,
  rows: u32,
  // Taps are -radius to radius, weights from first_weight on.
  radius: u32,
  first_weight: u32,
  // First word of the slab in `filtered`.
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Rows padded to an even width.
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> filtered: array<u32>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let first = row * pitch * 2u;
  let lowest = i32(id.x * 2u) - i32(params.radius);
  let last = i32(params.columns) - 1;
  var value = source[first + u32(clamp(lowest, 0, last))];
  var sum = vec2f();
  // The high voxel of a tap is the low one of the next: each is loaded once.
  for (var tap = 0u; tap <= 2u * params.radius; tap++) {
    let next = source[first + u32(clamp(lowest + i32(tap) + 1, 0, last))];
    sum += weights[params.first_weight + tap] * vec2f(value, next);
    value = next;
  }
  let rounded = vec2i(sum + sign(sum) * 0.5);
  filtered[params.out_word + row * pitch + id.x] = voxel_pack(rounded.x, rounded.y);
}
