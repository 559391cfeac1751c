// Used by: src/render/texture/bricks.ts
// Least and greatest HU of bricks twice as long along each axis, from those of their eight. One invocation a
// large brick. Exact.

struct Params {
  bricks: vec3u,
  large_bricks: vec3u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extremes: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> large_extremes: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let large = params.large_bricks;
  if (any(id >= large)) {
    return;
  }
  let first = 2u * id;
  let last = min(first + 1u, params.bricks - 1u);
  var all = vec2f(1e30, -1e30);
  for (var z = first.z; z <= last.z; z++) {
    for (var y = first.y; y <= last.y; y++) {
      for (var x = first.x; x <= last.x; x++) {
        let here = extremes[(z * params.bricks.y + y) * params.bricks.x + x];
        all = vec2f(min(all.x, here.x), max(all.y, here.y));
      }
    }
  }
  large_extremes[(id.z * large.y + id.y) * large.x + id.x] = all;
}
