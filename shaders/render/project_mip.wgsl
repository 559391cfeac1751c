// Maximum intensity projection: the greatest HU along each ray, before any window. Display only: the sampler's weights have
// about 8 bits on most GPUs.

// #include "render/common/ray_march.wgsl"
// #include "render/common/fullscreen.wgsl"

var<private> greatest: f32 = no_sample;

fn add_sample(hu: f32) {
  greatest = max(greatest, hu);
}

@fragment
fn project(@builtin(position) position: vec4f) -> @location(0) f32 {
  march(position.xy);
  return greatest;
}
