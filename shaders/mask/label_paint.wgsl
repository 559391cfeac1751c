// Used by: src/ops/mask/create_labels.ts
// Gives the voxels of a mask a label; others keep theirs. One invocation a word (two voxels) of the labels.

struct Params {
  columns: u32,
  rows: u32,
  label: u32,
  // First word of the slab in `mask` and in `labels`.
  mask_word: u32,
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> labels: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let bits = mask[params.mask_word + row * ((params.columns + 31u) / 32u) + id.x / 16u] >> ((id.x & 15u) * 2u);
  let taken = select(0u, 0xffffu, (bits & 1u) != 0u) | select(0u, 0xffff0000u, (bits & 2u) != 0u);
  let at = params.out_word + row * pitch + id.x;
  labels[at] = (labels[at] & ~taken) | ((params.label * 0x10001u) & taken);
}
