// The mask of the components that pass a rule of size and of faces touched, alone or added to the mask they were found in.
// One invocation a row. Exact: the fraction is compared in 64-bit integers.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // Bits of component_measure; a component that touches any of them is left out.
  rejected_faces: u32,
  maximum_voxels: u32,
  // At least this many millionths of the largest component.
  minimum_millionths: u32,
  // All ones to add to `mask`, else 0.
  keep_mask: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
@group(0) @binding(4) var<storage, read> voxels: array<u32>;
@group(0) @binding(5) var<storage, read> faces: array<u32>;
@group(0) @binding(6) var<storage, read> largest: array<u32>;
@group(0) @binding(7) var<storage, read_write> selected: array<u32>;

// #include "common/runs.wgsl"
// #include "common/wide.wgsl"

fn passes(component: u32) -> bool {
  let count = voxels[component];
  if ((faces[component] & params.rejected_faces) != 0u || count > params.maximum_voxels) {
    return false;
  }
  return !wide_less(wide_product(count, 1000000u), wide_product(largest[0], params.minimum_millionths));
}

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
        taken = passes(root[run]);
        run++;
      }
      bits |= select(0u, group, taken);
    }
    selected[at] = bits;
    previous = word;
  }
}
