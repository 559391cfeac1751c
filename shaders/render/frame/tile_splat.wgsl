// Used by: src/render/rays/skip/tile_table.ts
// Notes each brick's bound with every tile and segment whose rays may have samples in it. One invocation a
// brick; segments are of a distance along the rays, as the samples are. Conservative: a hundredth of a pixel
// and of a step is added, above what f32 loses.

struct Params {
  // From a place relative to the eye (or the picture's middle, for parallel rays), in texture coordinates:
  // pixels to the right and down, and mm away.
  to_right: vec3f,
  pixel_mm: f32,
  to_down: vec3f,
  // 0 for parallel rays.
  eye_mm: f32,
  to_depth: vec3f,
  step_mm: f32,
  origin: vec3f,
  first_sample: i32,
  middle_px: vec2f,
  segment_samples: i32,
  // 1: bounds are of minima, mirrored at 0.
  mirrored: u32,
  bricks: vec3u,
  tile_columns: i32,
  // Of the volume.
  voxels: vec3f,
  tile_rows: i32,
  // Of the bricks at hand: brick_cells or more.
  cells: vec3i,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extremes: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> tiles: array<atomic<u32>>;

// #include "render/common/tiles.wgsl"

const slack = 0.01;
// Nearer to the eye than this, mm, a brick may be anywhere in the picture.
const near_mm = 1.0;

struct Shadow {
  low_px: vec2f,
  high_px: vec2f,
  // Along the middle ray, mm from the eye or the plane through the center.
  near: f32,
  far: f32,
}

fn shadow_of(low: vec3f, high: vec3f) -> Shadow {
  var shadow = Shadow(vec2f(1e9), vec2f(-1e9), 1e9, -1e9);
  for (var corner = 0u; corner < 8u; corner++) {
    let place = select(low, high, (vec3u(corner) & vec3u(1u, 2u, 4u)) != vec3u(0u)) - params.origin;
    let depth = dot(params.to_depth, place);
    var pixel = vec2f(dot(params.to_right, place), dot(params.to_down, place));
    if (params.eye_mm > 0.0) {
      pixel *= params.eye_mm / max(depth, near_mm);
    }
    shadow.low_px = min(shadow.low_px, pixel);
    shadow.high_px = max(shadow.high_px, pixel);
    shadow.near = min(shadow.near, depth);
    shadow.far = max(shadow.far, depth);
  }
  if (params.eye_mm > 0.0 && shadow.near < near_mm) {
    shadow.low_px = vec2f(-1e6);
    shadow.high_px = vec2f(1e6);
    shadow.near = 0.0;
  }
  return shadow;
}

// How much longer than along the middle ray the way to a depth is: least and greatest of a tile's rays.
fn slant_of(tile: vec2i) -> vec2f {
  if (params.eye_mm == 0.0) {
    return vec2f(1.0);
  }
  let low = vec2f(tile * tile_px) - params.middle_px;
  let high = low + f32(tile_px);
  let nearest = max(max(low, -high), vec2f(0.0));
  let farthest = max(abs(low), abs(high));
  let scale = params.pixel_mm / params.eye_mm;
  return vec2f(length(vec3f(nearest * scale, 1.0)), length(vec3f(farthest * scale, 1.0)));
}

fn segment_at(distance_mm: f32, slack_steps: f32) -> i32 {
  let sample = distance_mm / params.step_mm + slack_steps - f32(params.first_sample);
  return i32(floor(clamp(sample / f32(params.segment_samples), -1.0, f32(tile_segments))));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= params.bricks)) {
    return;
  }
  let extreme = extremes[(id.z * params.bricks.y + id.y) * params.bricks.x + id.x];
  let bound = ceil(select(extreme.y, -extreme.x, params.mirrored == 1u));
  let low = (vec3f(vec3i(id) * params.cells) + 0.5) / params.voxels;
  let high = (vec3f(vec3i(id + 1u) * params.cells) + 0.5) / params.voxels;
  let first = id == vec3u(0u);
  let last = id + 1u == params.bricks;
  let shadow = shadow_of(select(low, vec3f(0.0), first), select(high, vec3f(1.0), last));
  if (shadow.far < 0.0 && params.eye_mm > 0.0) {
    return;
  }
  let count = vec2i(params.tile_columns, params.tile_rows);
  let start = max(vec2i(floor((shadow.low_px + params.middle_px - slack) / f32(tile_px))), vec2i(0));
  let end = min(vec2i(floor((shadow.high_px + params.middle_px + slack) / f32(tile_px))), count - 1);
  for (var y = start.y; y <= end.y; y++) {
    for (var x = start.x; x <= end.x; x++) {
      let slant = slant_of(vec2i(x, y));
      let last_segment = min(segment_at(shadow.far * slant.y, slack), i32(tile_segments) - 1);
      for (var s = max(segment_at(shadow.near * slant.x, -slack), 0); s <= last_segment; s++) {
        let at = u32(y * params.tile_columns + x) * tile_segments + u32(s);
        atomicMax(&tiles[at], tile_entry(bound, u32(s)));
      }
    }
  }
}
