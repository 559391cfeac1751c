// A cut through the display texture: HU a pixel, nearest, linear or cubic (Catmull-Rom, which keeps the voxels' values), of one plane or
// the maximum, minimum or mean of a slab. Weights are f32, not a sampler's 8 bits: at voxel centers the texture's values, exactly.
// Positions are voxel indices, whole at voxel centers; beside the volume there is no sample.

struct Params {
  // Index of the picture's middle in the middle plane.
  middle: vec3f,
  // 0 nearest, 1 linear, 2 cubic.
  interpolation: u32,
  // Index steps of a pixel to the right, a pixel down, and of a sample away from the viewer.
  right: vec3f,
  // 0 maximum, 1 minimum, 2 mean.
  kind: u32,
  down: vec3f,
  // Samples before the middle plane, and as many behind it.
  reach: i32,
  away: vec3f,
  middle_px: vec2f,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var volume: texture_3d<f32>;

// #include "render/common/display.wgsl"
// #include "render/common/fullscreen.wgsl"

// Far below every HU: beside the volume.
const no_sample = -1e30;

// What f32 positions are off by, and much more, but nothing that is seen: closer to a voxel's center counts as there.
const snap = 1.0 / 2048.0;

fn texel(at: vec3i) -> f32 {
  let last = vec3i(textureDimensions(volume)) - 1;
  return textureLoad(volume, clamp(at, vec3i(0), last), 0).r;
}

fn row_linear(at: vec3i, part: f32) -> f32 {
  let near = texel(at);
  if (part == 0.0) {
    return near;
  }
  return mix(near, texel(at + vec3i(1, 0, 0)), part);
}

fn plane_linear(at: vec3i, part: vec3f) -> f32 {
  let near = row_linear(at, part.x);
  if (part.y == 0.0) {
    return near;
  }
  return mix(near, row_linear(at + vec3i(0, 1, 0), part.x), part.y);
}

fn sample_linear(at: vec3i, part: vec3f) -> f32 {
  let near = plane_linear(at, part);
  if (part.z == 0.0) {
    return near;
  }
  return mix(near, plane_linear(at + vec3i(0, 0, 1), part), part.z);
}

// Of the voxel before, the two around and the one behind.
fn weights_cubic(t: f32) -> vec4f {
  let s = 1.0 - t;
  return vec4f(-t * s * s, 2.0 - t * t * (5.0 - 3.0 * t), 2.0 - s * s * (5.0 - 3.0 * s), -s * t * t) * 0.5;
}

fn row_cubic(at: vec3i, weights: vec4f) -> f32 {
  let values = vec4f(texel(at - vec3i(1, 0, 0)), texel(at), texel(at + vec3i(1, 0, 0)), texel(at + vec3i(2, 0, 0)));
  return dot(weights, values);
}

fn sample_cubic(at: vec3i, part: vec3f) -> f32 {
  let x = weights_cubic(part.x);
  var y = weights_cubic(part.y);
  var z = weights_cubic(part.z);
  var sum = 0.0;
  for (var k = 0; k < 4; k++) {
    // At a voxel's center three of four weights are 0: a cut along the slices reads one of them, not four.
    if (z[k] == 0.0) {
      continue;
    }
    for (var j = 0; j < 4; j++) {
      if (y[j] != 0.0) {
        sum += z[k] * y[j] * row_cubic(at + vec3i(0, j - 1, k - 1), x);
      }
    }
  }
  return sum;
}

// The HU at an index, or `no_sample`.
fn sample(index: vec3f) -> f32 {
  let size = vec3f(textureDimensions(volume));
  if (any(index < vec3f(-0.5)) || any(index > size - 0.5)) {
    return no_sample;
  }
  let nearest = floor(index + 0.5);
  if (params.interpolation == 0u) {
    return texel(vec3i(nearest)) + display_offset_hu;
  }
  let at = select(index, nearest, abs(index - nearest) < vec3f(snap));
  let base = floor(at);
  if (params.interpolation == 1u) {
    return sample_linear(vec3i(base), at - base) + display_offset_hu;
  }
  return sample_cubic(vec3i(base), at - base) + display_offset_hu;
}

@fragment
fn cut(@builtin(position) position: vec4f) -> @location(0) f32 {
  let offset = position.xy - params.middle_px;
  let middle = params.middle + offset.x * params.right + offset.y * params.down;
  var count = 0.0;
  var sum = 0.0;
  var greatest = no_sample;
  var least = -no_sample;
  for (var i = -params.reach; i <= params.reach; i++) {
    let hu = sample(middle + f32(i) * params.away);
    if (hu == no_sample) {
      continue;
    }
    count += 1.0;
    sum += hu;
    greatest = max(greatest, hu);
    least = min(least, hu);
  }
  if (count == 0.0) {
    return no_sample;
  }
  if (params.kind == 0u) {
    return greatest;
  }
  return select(sum / count, least, params.kind == 1u);
}
