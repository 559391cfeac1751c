// Used by: src/ops/mask/mask_tiles.ts
// Which tiles a dilation must work on: one invocation a tile. A tile that no set voxel is near stays clear,
// and one that is full stays full, for an element holds its own center.

struct Params {
  tiles_x: u32,
  tiles_y: u32,
  tiles_z: u32,
  // How many tiles away an element reaches.
  reach_x: u32,
  reach_y: u32,
  reach_z: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// As tile_note leaves it.
@group(0) @binding(1) var<storage, read> seen: array<u32>;
// 1: to be worked on.
@group(0) @binding(2) var<storage, read_write> work: array<u32>;

fn is_near(id: vec3u) -> bool {
  let reach = vec3u(params.reach_x, params.reach_y, params.reach_z);
  let first = max(id, reach) - reach;
  let last = min(id + reach, vec3u(params.tiles_x, params.tiles_y, params.tiles_z) - 1u);
  for (var z = first.z; z <= last.z; z++) {
    for (var y = first.y; y <= last.y; y++) {
      let row = (z * params.tiles_y + y) * params.tiles_x;
      for (var x = first.x; x <= last.x; x++) {
        if ((seen[row + x] & 1u) != 0u) {
          return true;
        }
      }
    }
  }
  return false;
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.tiles_x || id.y >= params.tiles_y || id.z >= params.tiles_z) {
    return;
  }
  let at = (id.z * params.tiles_y + id.y) * params.tiles_x + id.x;
  work[at] = select(0u, 1u, seen[at] != 1u && is_near(id));
}
