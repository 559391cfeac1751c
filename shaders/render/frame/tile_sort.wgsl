// Used by: src/render/rays/skip/tile_table.ts
// Sorts each tile's list, greatest bound first, by insertion: lists are of 64 at most, half of them empty,
// and nothing waits for another. One invocation a tile.

struct Params {
  tiles: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> tiles: array<u32>;

// #include "render/common/tiles.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.tiles) {
    return;
  }
  let list = id.x * tile_segments;
  var count = 0u;
  for (var s = 0u; s < tile_segments; s++) {
    let entry = tiles[list + s];
    if (entry == 0u) {
      continue;
    }
    tiles[list + s] = 0u;
    var at = count;
    while (at > 0u && tiles[list + at - 1u] < entry) {
      tiles[list + at] = tiles[list + at - 1u];
      at--;
    }
    tiles[list + at] = entry;
    count++;
  }
}
