// Interpolation at any position, for maps that turn or shear: 1, 8 or 64 taps of a band of f32 source slices. One invocation two voxels of x.
// Voxels whose source slice is owned by another band are left for the pass of that band.

struct Params {
  // Source.
  source_columns: i32,
  source_rows: i32,
  source_slices: i32,
  // Source slices owned by this pass, and the slice at which `source` begins.
  band_first: i32,
  band_end: i32,
  held_first: i32,
  // Output of this pass; its first slice in the table and its first element in the binding.
  columns: u32,
  rows: u32,
  slices: u32,
  slice_first: u32,
  out_first: u32,
  // 1 nearest, 2 linear, 4 cubic.
  taps: i32,
  // 1: cubic B-spline of coefficients, edges mirrored; else Catmull-Rom, edges repeated.
  spline: u32,
  // 1: `border_hu` outside; else the value at the border.
  constant: u32,
  border_hu: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> positions: array<vec2u>;
@group(0) @binding(2) var<storage, read> source: array<f32>;

// #include "common/resample_position.wgsl"

struct Sample {
  hu: f32,
  // False: not this pass's to write.
  owned: bool,
}

fn source_size() -> vec3i {
  return vec3i(params.source_columns, params.source_rows, params.source_slices);
}

// Farther out than half a voxel the value there is held.
fn hold(at: Position) -> Position {
  var held = at;
  let size = source_size();
  for (var axis = 0u; axis < 3u; axis++) {
    if (outside_before(at.whole[axis], at.part[axis])) {
      held.whole[axis] = -1;
      held.part[axis] = half_voxel;
    } else if (outside_behind(at.whole[axis], at.part[axis], size[axis])) {
      held.whole[axis] = size[axis] - 1;
      held.part[axis] = half_voxel;
    }
  }
  return held;
}

fn fold(index: i32, size: i32) -> i32 {
  if (params.spline == 0u) {
    return clamp(index, 0, size - 1);
  }
  let period = max(2 * size - 2, 1);
  let there = abs(index) % period;
  return min(there, period - there);
}

fn weights_of(part: u32) -> vec4f {
  let t = f32(part >> 6u) * 0x1p-24;
  let s = 1.0 - t;
  if (params.taps == 2) {
    return vec4f(s, t, 0.0, 0.0);
  }
  if (params.spline == 1u) {
    return vec4f(s * s * s, 4.0 - 3.0 * t * t * (2.0 - t), 4.0 - 3.0 * s * s * (2.0 - s), t * t * t) / 6.0;
  }
  return vec4f(-t * s * s, 2.0 - t * t * (5.0 - 3.0 * t), 2.0 - s * s * (5.0 - 3.0 * s), -s * t * t) * 0.5;
}

fn source_at(voxel: vec3i) -> f32 {
  let slice = voxel.z - params.held_first;
  return source[u32((slice * params.source_rows + voxel.y) * params.source_columns + voxel.x)];
}

fn interpolate(at: Position) -> f32 {
  let size = source_size();
  let first = at.whole - vec3i(params.taps / 2 - 1);
  let wx = weights_of(at.part.x);
  let wy = weights_of(at.part.y);
  let wz = weights_of(at.part.z);
  var sum = 0.0;
  for (var k = 0; k < params.taps; k++) {
    let z = fold(first.z + k, size.z);
    var plane = 0.0;
    for (var j = 0; j < params.taps; j++) {
      let y = fold(first.y + j, size.y);
      var row = 0.0;
      for (var i = 0; i < params.taps; i++) {
        row += wx[i] * source_at(vec3i(fold(first.x + i, size.x), y, z));
      }
      plane += wy[j] * row;
    }
    sum += wz[k] * plane;
  }
  return sum;
}

fn gather(x: u32, y: u32, z: u32) -> Sample {
  let row = params.columns + y;
  let slice = params.columns + params.rows + params.slice_first + z;
  let at = position_of(x, row, slice);
  if (params.constant == 1u && is_outside(at, source_size())) {
    return Sample(params.border_hu, true);
  }
  let held = hold(at);
  let owner = clamp(held.whole.z, 0, params.source_slices - 1);
  if (owner < params.band_first || owner >= params.band_end) {
    return Sample(0.0, false);
  }
  if (params.taps == 1) {
    return Sample(source_at(nearest_voxel(at, source_size())), true);
  }
  return Sample(interpolate(held), true);
}
