// Maximum intensity projection: the greatest HU along each ray, before any window. Display only: the sampler's weights have
// about 8 bits on most GPUs.

// #include "render/common/ray_march.wgsl"
// #include "render/common/ray_picture.wgsl"
// #include "render/common/fullscreen.wgsl"

var<private> greatest: f32 = no_sample;

const air_hu = -1024.0;

fn add_sample(at: Sample) -> bool {
  if (at.weight > 0.0) {
    greatest = max(greatest, select(mix(air_hu, at.hu, at.weight), at.hu, at.weight == 1.0));
  }
  return false;
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  march(position.xy);
  return Picture(greatest, seen_labels);
}
