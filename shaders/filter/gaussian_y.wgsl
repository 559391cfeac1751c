// Second of three passes of a separable Gaussian: f32 along y. One invocation two voxels, as they lie in a word of the volume.

struct Params {
  columns: u32,
  rows: u32,
  // Taps are -radius to radius, weights from first_weight on.
  radius: u32,
  first_weight: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<vec2f>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> blurred: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let slice = id.z * params.rows * pitch;
  let lowest = i32(id.y) - i32(params.radius);
  var sum = vec2f();
  for (var tap = 0u; tap <= 2u * params.radius; tap++) {
    let y = u32(clamp(lowest + i32(tap), 0, i32(params.rows) - 1));
    sum += weights[params.first_weight + tap] * source[slice + y * pitch + id.x];
  }
  blurred[slice + id.y * pitch + id.x] = sum;
}
