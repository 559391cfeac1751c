// Used by: src/render/mpr/mpr_passes.ts
// A slice through the display texture: HU a pixel, nearest, linear or cubic (Catmull-Rom, which keeps the
// voxels' values), of one plane or the maximum, minimum or mean of a slab. Weights are f32, not a sampler's 8
// bits: at voxel centers the texture's values, exactly.
// And the labels there, a bit each: those of which half the surroundings are, as linear interpolation weighs
// them, so that edges are smooth. Positions are voxel indices, whole at voxel centers; beside the volume
// there is no sample.

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
// Of the volume's size, or of one texel where there are none.
@group(0) @binding(2) var labels: texture_3d<u32>;

// #include "render/common/display.wgsl"
// #include "render/common/fullscreen.wgsl"

// Far below every HU: beside the volume.
const no_sample = -1e30;

// What f32 positions are off by, and much more, but nothing that is seen: closer to a voxel's center counts
// as there.
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

fn is_inside(index: vec3f) -> bool {
  return all(index >= vec3f(-0.5)) && all(index <= vec3f(textureDimensions(volume)) - 0.5);
}

fn snapped(index: vec3f) -> vec3f {
  let nearest = floor(index + 0.5);
  return select(index, nearest, abs(index - nearest) < vec3f(snap));
}

// The HU at an index, or `no_sample`.
fn sample_hu(index: vec3f) -> f32 {
  if (!is_inside(index)) {
    return no_sample;
  }
  if (params.interpolation == 0u) {
    return texel(vec3i(floor(index + 0.5))) + display_offset_hu;
  }
  let at = snapped(index);
  let base = floor(at);
  if (params.interpolation == 1u) {
    return sample_linear(vec3i(base), at - base) + display_offset_hu;
  }
  return sample_cubic(vec3i(base), at - base) + display_offset_hu;
}

fn label_texel(at: vec3f) -> u32 {
  let last = vec3f(textureDimensions(labels)) - 1.0;
  return textureLoad(labels, vec3u(clamp(at, vec3f(0.0), last)), 0).r;
}

fn sample_labels(index: vec3f) -> u32 {
  if (any(textureDimensions(labels) != textureDimensions(volume)) || !is_inside(index)) {
    return 0u;
  }
  let at = snapped(index);
  let base = floor(at);
  let part = at - base;
  if (params.interpolation == 0u || all(part == vec3f(0.0))) {
    return label_texel(floor(index + 0.5));
  }
  var corners: array<u32, 8>;
  var every = 0xffffffffu;
  var some = 0u;
  for (var corner = 0u; corner < 8u; corner++) {
    let step = vec3u(corner, corner >> 1u, corner >> 2u) & vec3u(1u);
    corners[corner] = label_texel(base + vec3f(step));
    every &= corners[corner];
    some |= corners[corner];
  }
  var found = every;
  var open = some & ~every;
  while (open != 0u) {
    let label = firstTrailingBit(open);
    open &= open - 1u;
    var weight = 0.0;
    for (var corner = 0u; corner < 8u; corner++) {
      let step = vec3f(vec3u(corner, corner >> 1u, corner >> 2u) & vec3u(1u));
      let near = mix(1.0 - part, part, step);
      weight += near.x * near.y * near.z * f32((corners[corner] >> label) & 1u);
    }
    found |= select(0u, 1u << label, weight >= 0.5);
  }
  return found;
}

fn sample_slab(middle: vec3f) -> f32 {
  var count = 0.0;
  var sum = 0.0;
  var greatest = no_sample;
  var least = -no_sample;
  for (var i = -params.reach; i <= params.reach; i++) {
    let hu = sample_hu(middle + f32(i) * params.away);
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

struct Picture {
  @location(0) hu: f32,
  @location(1) labels: u32,
}

@fragment
fn sample_slice(@builtin(position) position: vec4f) -> Picture {
  let offset = position.xy - params.middle_px;
  let middle = params.middle + offset.x * params.right + offset.y * params.down;
  return Picture(sample_slab(middle), sample_labels(middle));
}
