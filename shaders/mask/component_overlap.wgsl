// Used by: src/ops/mask/keep_by_share.ts
// Voxels of another mask in each component, at the index of its root run; other entries stay 0. One
// invocation a row, one atomic a run and word. Exact below 2^32 voxels.

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
@group(0) @binding(4) var<storage, read> other: array<u32>;
@group(0) @binding(5) var<storage, read_write> voxels: array<atomic<u32>>;

// #include "common/runs.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let row = (params.first_slice + id.y) * params.rows + id.x;
  var run = first_run[row];
  var previous = 0u;
  for (var x = 0u; x < row_words(); x++) {
    let word = row_word(row, x);
    let starts = bits_starts(word, previous);
    let shared_bits = other[row * row_words() + x];
    var rest = word;
    while (rest != 0u) {
      let group = bits_lowest_group(rest);
      rest &= ~group;
      run += select(0u, 1u, (group & starts) != 0u);
      let count = countOneBits(group & shared_bits);
      if (count > 0u) {
        atomicAdd(&voxels[root[run - 1u]], count);
      }
    }
    previous = word;
  }
}
