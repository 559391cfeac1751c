// Interpolation at any position, for maps that turn or shear: 1, 8 or 64 taps of a band of f32 source slices.
// One invocation two voxels of x. Voxels whose source slice is owned by another band are left for the pass of
// that band.

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
  let before = is_before(at);
  let behind = is_behind(at, source_size());
  let whole = select(select(at.whole, source_size() - 1, behind), vec3i(-1), before);
  return Position(whole, select(at.part, vec3u(half_voxel), before | behind));
}

// Source indices of the taps from index `first` on; behind the second of two they do not matter.
fn taps_from(first: i32, size: i32) -> vec4i {
  let index = vec4i(0, 1, 2, 3) + first;
  if (params.spline == 0u) {
    return clamp(index, vec4i(0), vec4i(size - 1));
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
    // Not divided by 6: WGSL lets a quotient be 2.5 ulp off, each device's its own way.
    return vec4f(s * s * s, 4.0 - 3.0 * t * t * (2.0 - t), 4.0 - 3.0 * s * s * (2.0 - s), t * t * t) * (1.0 / 6.0);
  }
  return vec4f(-t * s * s, 2.0 - t * t * (5.0 - 3.0 * t), 2.0 - s * s * (5.0 - 3.0 * s), -s * t * t) * 0.5;
}

fn row_at(start: i32, x: vec4i, weights: vec4f) -> f32 {
  return weights.x * source[start + x.x] + weights.y * source[start + x.y];
}

fn plane_at(start: i32, y: vec4i, weights: vec4f, x: vec4i, x_weights: vec4f) -> f32 {
  return weights.x * row_at(start + y.x, x, x_weights) + weights.y * row_at(start + y.y, x, x_weights);
}

fn four_at(start: i32, x: vec4i) -> vec4f {
  return vec4f(source[start + x.x], source[start + x.y], source[start + x.z], source[start + x.w]);
}

// Four rows to one of four.
fn rows_at(start: i32, y: vec4i, weights: vec4f, x: vec4i) -> vec4f {
  let near = weights.x * four_at(start + y.x, x) + weights.y * four_at(start + y.y, x);
  return near + weights.z * four_at(start + y.z, x) + weights.w * four_at(start + y.w, x);
}

// Two taps along x, then y, then z; four along y, z and x, which vectors of four are good at. The CPU's body
// adds in the same order.
fn interpolate(at: Position) -> f32 {
  let size = source_size();
  let first = at.whole - (params.taps / 2 - 1);
  let x = taps_from(first.x, size.x);
  let y = taps_from(first.y, size.y) * size.x;
  let z = (taps_from(first.z, size.z) - params.held_first) * (size.x * size.y);
  let wx = weights_of(at.part.x);
  let wy = weights_of(at.part.y);
  let wz = weights_of(at.part.z);
  if (params.taps == 2) {
    return wz.x * plane_at(z.x, y, wy, x, wx) + wz.y * plane_at(z.y, y, wy, x, wx);
  }
  let near = wz.x * rows_at(z.x, y, wy, x) + wz.y * rows_at(z.y, y, wy, x);
  let each = wx * (near + wz.z * rows_at(z.z, y, wy, x) + wz.w * rows_at(z.w, y, wy, x));
  return each.x + each.y + each.z + each.w;
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
    let voxel = nearest_voxel(at, source_size()) - vec3i(0, 0, params.held_first);
    return Sample(source[(voxel.z * params.source_rows + voxel.y) * params.source_columns + voxel.x], true);
  }
  return Sample(interpolate(held), true);
}
