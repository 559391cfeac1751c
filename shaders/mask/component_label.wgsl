// Used by: src/ops/mask/label_slabs.ts
// The rank of each voxel's component as a byte, 0 where there is none: four voxels to a word, rows padded to
// whole words. One invocation a row of the mask. Exact.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
// At root runs, 0 to 255.
@group(0) @binding(4) var<storage, read> rank: array<u32>;
// Of the slab alone.
@group(0) @binding(5) var<storage, read_write> labels: array<u32>;

// #include "common/runs.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let row = (params.first_slice + id.y) * params.rows + id.x;
  let pitch = (params.columns + 3u) / 4u;
  let target_row = (id.y * params.rows + id.x) * pitch;
  var next_run = first_run[row];
  var previous = 0u;
  var label = 0u;
  for (var x = 0u; x < pitch; x++) {
    let shift = (x & 7u) * 4u;
    let word = row_word(row, x / 8u);
    let four = (word >> shift) & 15u;
    var packed = 0u;
    for (var i = 0u; i < 4u; i++) {
      let bit = (four >> i) & 1u;
      if (bit > previous) {
        label = rank[root[next_run]];
        next_run++;
      }
      packed |= (label * bit) << (8u * i);
      previous = bit;
    }
    labels[target_row + x] = packed;
  }
}
