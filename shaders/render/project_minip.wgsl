// Minimum intensity projection: the least HU along each ray, before any window; dimmed samples would be the most conspicuous and are left
// out. Display only, as the maximum's.

// #include "render/common/ray_march.wgsl"
// #include "render/common/ray_picture.wgsl"
// #include "render/common/fullscreen.wgsl"

const nothing_yet = 1e30;

var<private> least: f32 = nothing_yet;

fn add_sample(at: Sample) -> bool {
  if (at.weight == 1.0) {
    least = min(least, at.hu);
  }
  return false;
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  march(position.xy);
  return Picture(select(least, no_sample, least == nothing_yet), seen_labels);
}
