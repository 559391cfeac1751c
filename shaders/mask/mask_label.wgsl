// Used by: src/ops/mask/mask_label_slabs.ts
// Disjoint masks to one byte a voxel, dense in the order x, y, z: the label of the mask that has the voxel,
// else 0. One invocation an output word, four voxels, which may lie in two rows. A mask given twice is found
// first where it stands first. Exact.

struct Params {
  columns: u32,
  // Voxels of this pass.
  voxels: u32,
  // First word of the slab in each mask.
  first_word: u32,
  second_word: u32,
  third_word: u32,
  first_label: u32,
  second_label: u32,
  third_label: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> first: array<u32>;
@group(0) @binding(2) var<storage, read> second: array<u32>;
@group(0) @binding(3) var<storage, read> third: array<u32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let start = (id.y * groups.x * 64u + id.x) * 4u;
  if (start >= params.voxels) {
    return;
  }
  let pitch = (params.columns + 31u) / 32u;
  var bytes = 0u;
  for (var i = 0u; i < min(4u, params.voxels - start); i++) {
    let row = (start + i) / params.columns;
    let column = (start + i) % params.columns;
    let word = row * pitch + column / 32u;
    let bit = 1u << (column % 32u);
    var label = 0u;
    if ((first[params.first_word + word] & bit) != 0u) {
      label = params.first_label;
    } else if ((second[params.second_word + word] & bit) != 0u) {
      label = params.second_label;
    } else if ((third[params.third_word + word] & bit) != 0u) {
      label = params.third_label;
    }
    bytes |= label << (8u * i);
  }
  labels[start / 4u] = bytes;
}
