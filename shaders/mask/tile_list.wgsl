// Used by: src/ops/mask/mask_tiles.ts
// The tiles to be worked on, one after the other: one invocation a tile.

struct Params {
  tiles: u32,
  listed: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// How many before each tile are listed.
@group(0) @binding(1) var<storage, read> before: array<u32>;
@group(0) @binding(2) var<storage, read_write> list: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = id.y * groups.x * 64u + id.x;
  if (tile >= params.tiles) {
    return;
  }
  var through = params.listed;
  if (tile + 1u < params.tiles) {
    through = before[tile + 1u];
  }
  if (through > before[tile]) {
    list[before[tile]] = tile;
  }
}
