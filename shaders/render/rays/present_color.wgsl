// Used by: src/render/frame/window_pass.ts
// Shows premultiplied colors over the background, scaled to the target bilinearly, and outlines of labels
// over them.

// The members are those of present_hu, so that host code fills one layout; range and function are not read.
struct Params {
  background: vec3f,
  low_hu: f32,
  target_px: vec2f,
  high_hu: f32,
  sigmoid: u32,
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
// #include "render/common/labels_over.wgsl"

@fragment
fn present(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let size = vec2f(textureDimensions(projected));
  // One texel is the pixel's own, not four of weights 1, 0, 0 and 0: half the time of a picture on
  // SwiftShader.
  let exact = all(size == params.target_px);
  let at = select(position.xy / params.target_px * size, position.xy, exact) - 0.5;
  let base = floor(at);
  let part = at - base;
  var sum = vec4f(0.0);
  for (var corner = 0u; corner < select(4u, 1u, exact); corner++) {
    let step = vec2f(f32(corner & 1u), f32(corner >> 1u));
    let near = mix(1.0 - part, part, step);
    let tap = clamp(base + step, vec2f(0.0), size - 1.0);
    sum += near.x * near.y * textureLoad(projected, vec2u(tap), 0);
  }
  let color = sum.rgb + (1.0 - sum.a) * params.background;
  return vec4f(labels_over(color, position.xy), 1.0);
}
