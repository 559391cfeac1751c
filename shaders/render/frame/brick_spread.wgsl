// Used by: src/render/rays/skip/distance_map.ts
// One axis of the distance from each brick to the nearest that is occupied, by the greatest of the three
// differences (Chebyshev): the least, over the bricks of a line, of the greater of their distance so far and
// how far away they are. Three passes, an axis each, give the whole (as separable distance transforms do:
// Saito and Toriwaki 1994). One invocation a brick. Exact.

struct Params {
  bricks: vec3u,
  // Of the axis that is spread along: 1 for its component.
  axis: vec3u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> before: array<u32>;
@group(0) @binding(2) var<storage, read_write> distances: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= params.bricks)) {
    return;
  }
  let strides = vec3u(1u, params.bricks.x, params.bricks.x * params.bricks.y);
  let index = dot(id, strides);
  let stride = dot(params.axis, strides);
  let here = dot(params.axis, id);
  let count = dot(params.axis, params.bricks);
  var best = before[index];
  for (var away = 1u; away < min(best, count); away++) {
    if (away <= here) {
      best = min(best, max(away, before[index - away * stride]));
    }
    if (here + away < count) {
      best = min(best, max(away, before[index + away * stride]));
    }
  }
  distances[index] = best;
}
