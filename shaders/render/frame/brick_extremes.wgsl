// Least and greatest HU of each brick's voxels: no linearly interpolated sample in it lies beyond. One invocation a brick. Exact.

struct Params {
  bricks: vec3u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var volume: texture_3d<f32>;
// Of each layer of bricks along z: 1 where it is to be made anew.
@group(0) @binding(2) var<storage, read> stale: array<u32>;
@group(0) @binding(3) var<storage, read_write> extremes: array<vec2f>;

// #include "render/common/display.wgsl"
// #include "render/common/bricks.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= params.bricks) || stale[id.z] == 0u) {
    return;
  }
  let first = vec3i(id) * brick_cells;
  let last = min(first + brick_cells, vec3i(textureDimensions(volume)) - 1);
  var least = 1e30;
  var greatest = -1e30;
  for (var z = first.z; z <= last.z; z++) {
    for (var y = first.y; y <= last.y; y++) {
      for (var x = first.x; x <= last.x; x++) {
        let value = textureLoad(volume, vec3i(x, y, z), 0).r;
        least = min(least, value);
        greatest = max(greatest, value);
      }
    }
  }
  let index = (id.z * params.bricks.y + id.y) * params.bricks.x + id.x;
  extremes[index] = vec2f(least, greatest) + display_offset_hu;
}
