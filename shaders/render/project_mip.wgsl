// Used by: src/render/rays/ray_pass.ts
// Maximum intensity projection: the greatest HU along each ray, before any window. Display only: the
// sampler's weights have about 8 bits on most GPUs.

// #include "render/common/hu_march.wgsl"
// #include "render/common/tile_march.wgsl"

const air_hu = -1024.0;

var<private> greatest: f32 = no_sample;

fn add_sample(at: Sample) {
  if (at.weight > 0.0) {
    greatest = max(greatest, select(mix(air_hu, at.hu, at.weight), at.hu, at.weight == 1.0));
  }
}

fn cannot_matter(bound_hu: f32) -> bool {
  // What is dimmed is moved towards air, from either side.
  return max(bound_hu, select(bound_hu, air_hu, cut)) <= greatest;
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  let ray = ray_of(position.xy);
  let part = indices_of(ray_span(ray));
  if (searched) {
    find_labels(ray, part);
  }
  if (skipping) {
    march_tile(ray, part, position.xy);
  } else {
    march(ray, part);
  }
  return picture(greatest);
}
