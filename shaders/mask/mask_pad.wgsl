// Used by: src/ops/mask/padded_mask.ts
// A mask with margins, three times: to read, and for the steps of a dilation to write in turn, where what
// they leave alone is as it was. One invocation a word. Exact.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab, and the first.
  slices: u32,
  first_slice: u32,
  mask_word: u32,
  // All ones to take the clear voxels, else 0.
  complement: u32,
  padded_first: u32,
  padded_rows: u32,
  padded_pitch: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> padded: array<u32>;
@group(0) @binding(3) var<storage, read_write> even: array<u32>;
@group(0) @binding(4) var<storage, read_write> odd: array<u32>;

// #include "common/bits.wgsl"
// #include "common/padded.wgsl"

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let word = mask[params.mask_word + (id.z * params.rows + id.y) * pitch + id.x];
  let bits = (word ^ params.complement) & bits_valid(params.columns, id.x);
  let at = padded_word(id.x, id.y, params.first_slice + id.z);
  padded[at] = bits;
  even[at] = bits;
  odd[at] = bits;
}
