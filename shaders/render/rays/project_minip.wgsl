// Used by: src/render/rays/ray_pass.ts
// Minimum intensity projection: the least HU along each ray, before any window; dimmed samples would be the
// most conspicuous and are left out. Display only, as the maximum's.

// #include "render/common/hu_march.wgsl"
// #include "render/common/tile_march.wgsl"

const nothing_yet = 1e30;

var<private> least: f32 = nothing_yet;

fn add_sample(at: Sample) {
  if (at.weight == 1.0) {
    least = min(least, at.hu);
  }
}

fn cannot_matter(bound_hu: f32) -> bool {
  // Of mirrored values: of -HU.
  return bound_hu <= -least;
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
  return picture(select(least, no_sample, least == nothing_yet));
}
