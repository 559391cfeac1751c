// Average intensity projection: the mean HU of each ray's samples in the volume, before any window. Display only, as the maximum's.

// #include "render/common/ray_march.wgsl"
// #include "render/common/ray_picture.wgsl"
// #include "render/common/fullscreen.wgsl"

var<private> sum: f32 = 0.0;
var<private> weights: f32 = 0.0;

fn add_sample(at: Sample) -> bool {
  sum += at.weight * at.hu;
  weights += at.weight;
  return false;
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  march(position.xy);
  if (weights == 0.0) {
    return Picture(no_sample, seen_labels);
  }
  return Picture(sum / weights, seen_labels);
}
