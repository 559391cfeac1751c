// Used by: src/render/texture/read_voxels.ts
// HU of listed voxels of the record, one invocation a voxel. A pass sees a part of the record and leaves the
// voxels of others. Exact.

struct Params {
  count: u32,
  // Words of the record that this pass is to read: from `first_word` to before `end_word`.
  first_word: u32,
  end_word: u32,
  // Where `first_word` lies in `hu`.
  bound_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// Places in the record, in voxels, its rows padded to an even width.
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read_write> gathered: array<i32>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) {
    return;
  }
  let word_index = places[id.x] >> 1u;
  if (word_index < params.first_word || word_index >= params.end_word) {
    return;
  }
  let word = hu[params.bound_word + word_index - params.first_word];
  gathered[id.x] = select(voxel_low(word), voxel_high(word), (places[id.x] & 1u) == 1u);
}
