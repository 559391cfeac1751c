// Shows a cut through a window, scaled to the target bilinearly, under its labels: each a color over the picture, filled, outlined, or both.
// Beside the volume the background is shown.

struct Params {
  background: vec3f,
  low_hu: f32,
  target_px: vec2f,
  high_hu: f32,
  // Of outlines, in pixels of the target.
  outline_px: f32,
  // Labels to show, the last on top.
  count: u32,
  // Red, green and blue, 0..1, and the opacity of the inside.
  fills: array<vec4f, 8>,
  // The opacity of the outline, and the label's bit; the rest is not used.
  outlines: array<vec4f, 8>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var projected: texture_2d<f32>;
// A bit a label.
@group(0) @binding(2) var labels: texture_2d<u32>;

// #include "render/common/fullscreen.wgsl"

// Below every HU that int16 holds, above what is beside the volume.
const least_hu = -1e6;

fn labels_at(at: vec2f) -> u32 {
  let last = vec2f(textureDimensions(labels)) - 1.0;
  return textureLoad(labels, vec2u(clamp(floor(at), vec2f(0.0), last)), 0).r;
}

// Labels that end within the outline's width of a place.
fn outlined(at: vec2f, here: u32, scale: vec2f) -> u32 {
  let straight = params.outline_px * scale;
  let diagonal = straight * sqrt(0.5);
  var all = here;
  all &= labels_at(at + vec2f(straight.x, 0.0)) & labels_at(at - vec2f(straight.x, 0.0));
  all &= labels_at(at + vec2f(0.0, straight.y)) & labels_at(at - vec2f(0.0, straight.y));
  all &= labels_at(at + diagonal) & labels_at(at - diagonal);
  all &= labels_at(at + diagonal * vec2f(1.0, -1.0)) & labels_at(at + diagonal * vec2f(-1.0, 1.0));
  return here & ~all;
}

@fragment
fn present(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let size = vec2f(textureDimensions(projected));
  let at = position.xy / params.target_px * size - 0.5;
  let base = floor(at);
  let part = at - base;
  var shade = 0.0;
  var coverage = 0.0;
  for (var corner = 0u; corner < 4u; corner++) {
    let step = vec2f(f32(corner & 1u), f32(corner >> 1u));
    let near = mix(1.0 - part, part, step);
    let weight = near.x * near.y;
    if (weight == 0.0) {
      continue;
    }
    let hu = textureLoad(projected, vec2u(clamp(base + step, vec2f(0.0), size - 1.0)), 0).r;
    if (hu > least_hu) {
      shade += weight * saturate((hu - params.low_hu) / (params.high_hu - params.low_hu));
      coverage += weight;
    }
  }
  var color = vec3f(shade) + (1.0 - coverage) * params.background;
  let scale = vec2f(textureDimensions(labels)) / params.target_px;
  let place = position.xy * scale;
  let here = labels_at(place);
  if (here != 0u) {
    let edges = outlined(place, here, scale);
    for (var i = 0u; i < params.count; i++) {
      let bit = u32(params.outlines[i].y);
      if (((here >> bit) & 1u) == 0u) {
        continue;
      }
      let fill = params.fills[i];
      let opacity = select(fill.a, max(fill.a, params.outlines[i].x), ((edges >> bit) & 1u) == 1u);
      color = mix(color, fill.rgb, opacity);
    }
  }
  return vec4f(color, 1.0);
}
