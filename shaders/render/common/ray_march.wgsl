// The march of one parallel ray through the display texture. The including module says what is made of the samples:
// `add_sample(hu: f32)`. Positions are texture coordinates (0..1 from face to face of the volume), distances along the ray
// millimetres from the plane through the volume's center. Samples lie at whole multiples of the step, whatever the ray's entry:
// whoever skips a part of a ray cannot move the samples of the rest.

struct Params {
  // Of the picture's middle, in the plane through the volume's center.
  center: vec3f,
  step_mm: f32,
  // A pixel to the right, a pixel down, and one millimetre away from the viewer; no component of `forward` is 0.
  right: vec3f,
  down: vec3f,
  forward: vec3f,
  middle_px: vec2f,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var volume: texture_3d<f32>;
@group(0) @binding(2) var volume_sampler: sampler;

// #include "render/common/display.wgsl"

// What a ray beside the volume gives: far below every HU.
const no_sample = -1e30;

// Entry and exit in mm: the slab test.
fn ray_span(origin: vec3f) -> vec2f {
  let to_low = -origin / params.forward;
  let to_high = (vec3f(1.0) - origin) / params.forward;
  let near = min(to_low, to_high);
  let far = max(to_low, to_high);
  return vec2f(max(near.x, max(near.y, near.z)), min(far.x, min(far.y, far.z)));
}

fn march(pixel: vec2f) {
  let offset = pixel - params.middle_px;
  let origin = params.center + offset.x * params.right + offset.y * params.down;
  let span = ray_span(origin);
  let last = i32(floor(span.y / params.step_mm));
  for (var i = i32(ceil(span.x / params.step_mm)); i <= last; i++) {
    let position = origin + (f32(i) * params.step_mm) * params.forward;
    add_sample(textureSampleLevel(volume, volume_sampler, position, 0.0).r + display_offset_hu);
  }
}
