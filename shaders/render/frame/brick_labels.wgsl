// Used by: src/render/rays/skip/label_bricks.ts
// The labels of each brick's voxels, a bit each: no sample in it has another. One invocation a brick. Exact.

struct Params {
  bricks: vec3u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var labels: texture_3d<u32>;
@group(0) @binding(2) var<storage, read_write> brick_labels: array<u32>;

// #include "render/common/bricks.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= params.bricks)) {
    return;
  }
  let first = vec3i(id) * brick_cells;
  let last = min(first + brick_cells, vec3i(textureDimensions(labels)) - 1);
  var found = 0u;
  for (var z = first.z; z <= last.z; z++) {
    for (var y = first.y; y <= last.y; y++) {
      for (var x = first.x; x <= last.x; x++) {
        found |= textureLoad(labels, vec3i(x, y, z), 0).r;
      }
    }
  }
  brick_labels[(id.z * params.bricks.y + id.y) * params.bricks.x + id.x] = found;
}
