// Trilinear resampling along an output column: shared by the kernels that give int16 and f32, in floats or in
// integers. Taps per axis come from tables made on the host in f64: (first tap, fraction), x table, then y,
// then z. The including kernel gives the type `Value`, value_of(hu), mix_x(a, b, fraction) of two voxels,
// mix_pair(a, b, fraction) of what that made, and store(...).
// A column of output voxels walks up z and keeps the two source planes it stands between, so that each is
// interpolated once.

struct Params {
  // Source.
  columns: u32,
  rows: u32,
  slices: u32,
  // Output.
  out_columns: u32,
  out_rows: u32,
  // Output slices of this pass, of which one invocation walks `depth`.
  z_first: u32,
  z_end: u32,
  depth: u32,
  // Where the source slab begins: its first slice, and its first word in the binding.
  source_slice: u32,
  source_word: u32,
  // First word of output slice z_first in the binding.
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read> taps: array<vec2u>;

// #include "common/volume.wgsl"

fn voxel_at(row_word: u32, x: u32) -> Value {
  let word = hu[row_word + (x >> 1u)];
  return value_of(select(voxel_low(word), voxel_high(word), (x & 1u) == 1u));
}

// Linear along x in one source row.
fn row_at(row_word: u32, tap: vec2u) -> Value {
  let a = voxel_at(row_word, tap.x);
  let b = voxel_at(row_word, min(tap.x + 1u, params.columns - 1u));
  return mix_x(a, b, tap.y);
}

// Two neighboring outputs, linear along x and y, in source slice z.
fn plane_at(z: u32, tap_a: vec2u, tap_b: vec2u, tap_y: vec2u) -> vec2<Value> {
  let pitch = (params.columns + 1u) / 2u;
  let slice = params.source_word + (min(z, params.slices - 1u) - params.source_slice) * params.rows * pitch;
  let upper = slice + tap_y.x * pitch;
  let lower = slice + min(tap_y.x + 1u, params.rows - 1u) * pitch;
  let above = vec2<Value>(row_at(upper, tap_a), row_at(upper, tap_b));
  let below = vec2<Value>(row_at(lower, tap_a), row_at(lower, tap_b));
  return mix_pair(above, below, tap_y.y);
}

// Both voxels of output word `id.x` of a row, for each z of this invocation's part of the column.
fn resample_column(id: vec3u) {
  let x = id.x * 2u;
  if (x >= params.out_columns || id.y >= params.out_rows) {
    return;
  }
  let tap_a = taps[x];
  let tap_b = taps[min(x + 1u, params.out_columns - 1u)];
  let tap_y = taps[params.out_columns + id.y];
  let z_start = params.z_first + id.z * params.depth;
  var have = 0xffffffffu;
  var near = vec2<Value>();
  var far = vec2<Value>();
  for (var z = z_start; z < min(z_start + params.depth, params.z_end); z++) {
    let tap_z = taps[params.out_columns + params.out_rows + z];
    if (tap_z.x != have) {
      if (have != 0xffffffffu && tap_z.x == have + 1u) {
        near = far;
      } else {
        near = plane_at(tap_z.x, tap_a, tap_b, tap_y);
      }
      far = plane_at(tap_z.x + 1u, tap_a, tap_b, tap_y);
      have = tap_z.x;
    }
    store(id.x, id.y, z, mix_pair(near, far, tap_z.y));
  }
}
