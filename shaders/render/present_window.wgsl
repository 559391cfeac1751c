// Shows projected HU through a window, scaled to the target bilinearly. Rays beside the volume show the background.

struct Params {
  background: vec3f,
  low_hu: f32,
  high_hu: f32,
  target_px: vec2f,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var projected: texture_2d<f32>;

// #include "render/common/fullscreen.wgsl"

// Below every HU that int16 holds, above what a ray beside the volume gives.
const least_hu = -1e6;

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
    let tap = clamp(base + step, vec2f(0.0), size - 1.0);
    let hu = textureLoad(projected, vec2u(tap), 0).r;
    let near = mix(1.0 - part, part, step);
    let weight = select(0.0, near.x * near.y, hu > least_hu);
    shade += weight * saturate((hu - params.low_hu) / (params.high_hu - params.low_hu));
    coverage += weight;
  }
  return vec4f(vec3f(shade) + (1.0 - coverage) * params.background, 1.0);
}
