// Used by: src/render/rays/ray_pass.ts
// Average intensity projection: the mean HU of each ray's samples in the volume, before any window: all of
// them, nothing to be skipped. Display only, as the maximum's.

// #include "render/common/hu_march.wgsl"

var<private> sum: f32 = 0.0;
var<private> weights: f32 = 0.0;

fn add_sample(at: Sample) {
  sum += at.weight * at.hu;
  weights += at.weight;
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  let ray = ray_of(position.xy);
  let part = indices_of(ray_span(ray));
  if (searched) {
    find_labels(ray, part);
  }
  march(ray, part);
  if (weights == 0.0) {
    return picture(no_sample);
  }
  return picture(sum / weights);
}
