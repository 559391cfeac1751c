// Used by: src/render/texture/bricks.ts
// Least and greatest HU of each brick's voxels, from those of its 9 x 9 in each of its 5 slices: no linearly
// interpolated sample in it lies beyond. One invocation a brick. Exact.

struct Params {
  bricks: vec3u,
  // Of the volume.
  slices: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> slice_extremes: array<vec2f>;
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
  let area = params.bricks.y * params.bricks.x;
  let place = id.y * params.bricks.x + id.x;
  let depth = u32(brick_cells.z);
  var all = vec2f(1e30, -1e30);
  for (var z = id.z * depth; z <= min((id.z + 1u) * depth, params.slices - 1u); z++) {
    let here = slice_extremes[z * area + place];
    all = vec2f(min(all.x, here.x), max(all.y, here.y));
  }
  extremes[id.z * area + place] = all + display_offset_hu;
}
