// Used by: src/ops/filter/median.ts
// The median of 3 x 3 x 3 voxels; outside the volume its edge is repeated. One invocation a word (two
// voxels), walking `depth` slices, so that each slice's rows are loaded and sorted once. Exact.

struct Params {
  columns: u32,
  rows: u32,
  // Slices of the volume, and those of this pass.
  slices: u32,
  z_first: u32,
  z_end: u32,
  depth: u32,
  // Where the bound part begins: its first slice and that slice's word in `hu`; the word of slice z_first in
  // `filtered`.
  source_slice: u32,
  source_word: u32,
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> filtered: array<u32>;

// #include "common/volume.wgsl"
// #include "filter/common/neighbors.wgsl"
// #include "filter/common/median.wgsl"

// Of each of four columns, its three voxels in rows y - 1 to y + 1.
fn triple_at(word: u32, y: u32, z: u32) -> Triple {
  return triple_of(
    row_neighbors(word, max(y, 1u) - 1u, z),
    row_neighbors(word, y, z),
    row_neighbors(word, min(y + 1u, params.rows - 1u), z),
  );
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let first = params.z_first + id.z * params.depth;
  var before = triple_at(id.x, id.y, max(first, 1u) - 1u);
  var here = triple_at(id.x, id.y, first);
  for (var z = first; z < min(first + params.depth, params.z_end); z++) {
    let after = triple_at(id.x, id.y, min(z + 1u, params.slices - 1u));
    let median = median_of(before, here, after);
    filtered[params.out_word + ((z - params.z_first) * params.rows + id.y) * pitch + id.x] = voxel_pack(median.x, median.y);
    before = here;
    here = after;
  }
}
