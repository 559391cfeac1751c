// Used by: src/ops/mask/select_components.ts
// The mask of the chosen components, alone or added to the mask they were found in. One invocation a row.
// Exact.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // All ones to add to `mask`, else 0.
  keep_mask: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
// Not 0 at the root runs of the components to take.
@group(0) @binding(4) var<storage, read> chosen: array<u32>;
@group(0) @binding(5) var<storage, read_write> selected: array<u32>;

// #include "common/runs.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let row = (params.first_slice + id.y) * params.rows + id.x;
  var run = first_run[row];
  var previous = 0u;
  var taken = false;
  for (var x = 0u; x < row_words(); x++) {
    let at = row * row_words() + x;
    let word = row_word(row, x);
    let starts = bits_starts(word, previous);
    var bits = mask[at] & params.keep_mask;
    var rest = word;
    while (rest != 0u) {
      let group = bits_lowest_group(rest);
      rest &= ~group;
      if ((group & starts) != 0u) {
        taken = chosen[root[run]] != 0u;
        run++;
      }
      bits |= select(0u, group, taken);
    }
    selected[at] = bits;
    previous = word;
  }
}
