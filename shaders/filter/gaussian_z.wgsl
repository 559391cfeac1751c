// First of three passes of a separable Gaussian: int16 HU along z to f32, two to a word of the volume. One invocation a word.
// A slab's source may be more than one binding holds: then several passes, in ascending z, add up.

struct Params {
  columns: u32,
  rows: u32,
  // Slices of the volume; the first of this slab.
  slices: u32,
  z_first: u32,
  // Slices [source_first, source_end) are bound, from word source_word on.
  source_first: u32,
  source_end: u32,
  source_word: u32,
  // Taps are -radius to radius, weights from first_weight on.
  radius: u32,
  first_weight: u32,
  // 1 where an earlier pass began these sums, else 0.
  continued: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> blurred: array<vec2f>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let in_slice = id.y * pitch + id.x;
  let at = id.z * params.rows * pitch + in_slice;
  let lowest = i32(params.z_first + id.z) - i32(params.radius);
  var sum = select(vec2f(), blurred[at], params.continued == 1u);
  for (var tap = 0u; tap <= 2u * params.radius; tap++) {
    // Beyond the volume its edge is repeated.
    let z = u32(clamp(lowest + i32(tap), 0, i32(params.slices) - 1));
    if (z >= params.source_first && z < params.source_end) {
      let word = hu[params.source_word + (z - params.source_first) * params.rows * pitch + in_slice];
      sum += weights[params.first_weight + tap] * vec2f(f32(voxel_low(word)), f32(voxel_high(word)));
    }
  }
  blurred[at] = sum;
}
