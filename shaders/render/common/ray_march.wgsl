// The march of one ray through the display texture, for parallel and perspective cameras. The including
// module says what is made of samples first..last, of which there is one at least: `march_part(ray, first,
// last) -> bool`, true when no further one matters. Positions are texture coordinates (0..1 from face to face
// of the volume), distances along the ray millimeters: from the plane through the volume's center for
// parallel rays, from the eye for others. Samples lie at whole multiples of the step, whatever the ray's
// entry: whoever skips a part of a ray cannot move the samples of the rest.

struct Params {
  // Of the picture's middle, in the plane through the volume's center.
  center: vec3f,
  step_mm: f32,
  // A pixel to the right, a pixel down, and one millimeter away from the viewer.
  right: vec3f,
  pixel_mm: f32,
  down: vec3f,
  // Of the eye from the plane through the center; 0 for parallel rays.
  eye_mm: f32,
  forward: vec3f,
  plane_count: u32,
  middle_px: vec2f,
  // Nearest and farthest depth seen, from the plane through the center.
  slab_mm: vec2f,
  // What is seen of each plane: dot(xyz, position) + w >= 0.
  planes: array<vec4f, 12>,
  // Labels of which the picture tells, and whose outside is hidden or dimmed.
  overlay_bits: u32,
  hide_bits: u32,
  dim_bits: u32,
  label_count: u32,
  // One millimeter along each of the volume's axes.
  mm: vec3f,
  lit: u32,
  // Towards the lamp, along the volume's axes.
  light: vec3f,
  shininess: f32,
  ambient: f32,
  diffuse: f32,
  specular: f32,
  // 1: the transfer function has a gradient opacity.
  gradient_opacity: u32,
  // Red, green and blue, 0..1, and opacity; the bits are four to a vector.
  label_colors: array<vec4f, 8>,
  label_bits: array<vec4f, 2>,
  bricks: vec3i,
  tile_columns: i32,
  // Of the tiles' segments.
  first_sample: i32,
  segment_samples: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var volume: texture_3d<f32>;
@group(0) @binding(2) var volume_sampler: sampler;
// A bit a label; of the volume's size, or of one texel where there are none.
@group(0) @binding(3) var labels: texture_3d<u32>;

// Of tiles, sorted: see tile_march.wgsl.
@group(0) @binding(5) var<storage, read> tiles: array<u32>;
// Of bricks, in bricks, to what must be looked at: see brick_skip.wgsl.
@group(0) @binding(6) var<storage, read> distances: array<u32>;

// #include "render/common/display.wgsl"
// #include "render/common/labels_trilinear.wgsl"

// What a pipeline is compiled for. SwiftShader runs what an `if` leaves out, masked: six times the cost of a
// sample, were these params. The picture tells of labels; labels hide or dim.
override overlaid: bool = true;
override cut: bool = true;
// What cannot matter is left out; else every sample is taken. The picture is the same.
override skipping: bool = false;
// The picture holds how many samples, steps from brick to brick or segment, and gradients its rays took
// instead.
override counting: bool = false;

// What a ray beside the volume gives: far below every HU.
const no_sample = -1e30;

// Of a sample outside a mask that dims.
const dimmed = 0.2;

struct Ray {
  // In texture coordinates; `direction` is one millimeter's.
  origin: vec3f,
  direction: vec3f,
  // 1 / direction.
  inverse: vec3f,
  // A voxel's extent.
  voxel: vec3f,
  // Depth of a distance: `depth.x + distance * depth.y`.
  depth: vec2f,
}

struct Sample {
  hu: f32,
  // 1, or `dimmed`.
  weight: f32,
  position: vec3f,
  labels: u32,
}

struct Indices {
  first: i32,
  last: i32,
}

// Labels met along the ray so far.
var<private> seen_labels: u32 = 0u;
// Of the ray that is marched.
var<private> ray_direction: vec3f;
// Samples, steps, gradients.
var<private> counted: vec3u;

fn ray_of(pixel: vec2f) -> Ray {
  let offset = pixel - params.middle_px;
  let place = params.center + offset.x * params.right + offset.y * params.down;
  if (params.eye_mm == 0.0) {
    return ray_along(place, nowhere_zero(params.forward), vec2f(0.0, 1.0));
  }
  let away = length(vec3f(offset * params.pixel_mm, params.eye_mm));
  let eye = params.center - params.eye_mm * params.forward;
  return ray_along(eye, nowhere_zero((place - eye) / away), vec2f(-params.eye_mm, params.eye_mm / away));
}

fn ray_along(origin: vec3f, direction: vec3f, depth: vec2f) -> Ray {
  return Ray(origin, direction, 1.0 / direction, 1.0 / vec3f(textureDimensions(volume)), depth);
}

// The slab test divides by it. 1e-9 of a volume's extent a mm moves a ray of 2 m by 2e-6 of that extent:
// nothing.
fn nowhere_zero(direction: vec3f) -> vec3f {
  return select(direction, vec3f(1e-9), abs(direction) < vec3f(1e-9));
}

// Entry and exit in mm: of the volume, the slab, the clipping planes, and what is before the eye.
fn ray_span(ray: Ray) -> vec2f {
  let to_low = -ray.origin * ray.inverse;
  let to_high = (vec3f(1.0) - ray.origin) * ray.inverse;
  let near = min(to_low, to_high);
  let far = max(to_low, to_high);
  let slab = (params.slab_mm - ray.depth.x) / ray.depth.y;
  var span = vec2f(max(max(near.x, slab.x), max(near.y, near.z)), min(min(far.x, slab.y), min(far.y, far.z)));
  for (var i = 0u; i < params.plane_count; i++) {
    let plane = params.planes[i];
    let here = dot(plane.xyz, ray.origin) + plane.w;
    let rise = dot(plane.xyz, ray.direction);
    if (rise > 0.0) {
      span.x = max(span.x, -here / rise);
    } else if (rise < 0.0) {
      span.y = min(span.y, -here / rise);
    } else if (here < 0.0) {
      span.y = span.x - 1.0;
    }
  }
  if (params.eye_mm > 0.0) {
    span.x = max(span.x, 0.0);
  }
  return span;
}

// Whole steps within a span; none where `first` is greater.
fn indices_of(span: vec2f) -> Indices {
  return Indices(i32(ceil(span.x / params.step_mm)), i32(floor(span.y / params.step_mm)));
}

fn position_at(ray: Ray, i: i32) -> vec3f {
  return ray.origin + (f32(i) * params.step_mm) * ray.direction;
}

fn hu_at(position: vec3f) -> f32 {
  return textureSampleLevel(volume, volume_sampler, position, 0.0).r + display_offset_hu;
}

// 0: hidden.
fn weight_of(here: u32) -> f32 {
  if (params.hide_bits != 0u && (here & params.hide_bits) == 0u) {
    return 0.0;
  }
  return select(1.0, dimmed, params.dim_bits != 0u && (here & params.dim_bits) == 0u);
}

fn sample_at(ray: Ray, i: i32) -> Sample {
  let position = position_at(ray, i);
  var here = 0u;
  var weight = 1.0;
  if (overlaid || cut) {
    here = labels_at(position);
    weight = weight_of(here);
    here = select(here, 0u, weight == 0.0) & params.overlay_bits;
    seen_labels |= here;
  }
  var hu = 0.0;
  if (weight > 0.0) {
    hu = hu_at(position);
  }
  if (counting) {
    counted.x++;
  }
  return Sample(hu, weight, position, here);
}

fn march(ray: Ray, part: Indices) {
  if (part.first <= part.last) {
    _ = march_part(ray, part.first, part.last);
  }
}
