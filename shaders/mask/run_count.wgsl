// Used by: src/ops/mask/runs.ts
// How many runs begin in each row of a mask: one invocation a row. Exact.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Per row of the whole mask.
@group(0) @binding(2) var<storage, read_write> runs: array<u32>;

// #include "common/runs.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let row = (params.first_slice + id.y) * params.rows + id.x;
  var previous = 0u;
  var count = 0u;
  for (var x = 0u; x < row_words(); x++) {
    let word = row_word(row, x);
    count += countOneBits(bits_starts(word, previous));
    previous = word;
  }
  runs[row] = count;
}
