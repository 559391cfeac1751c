// Used by: src/ops/mask/combine_masks.ts
// Two masks to one by any rule on single voxels, given as what becomes of the four cases: one invocation a
// word. Exact; padding bits are clear.

struct Params {
  columns: u32,
  words: u32,
  one_word: u32,
  other_word: u32,
  combined_word: u32,
  // All ones or 0: is a voxel set that is in neither, in the first alone, in the second alone, in both?
  neither: u32,
  one_alone: u32,
  other_alone: u32,
  both: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> one: array<u32>;
@group(0) @binding(2) var<storage, read> other: array<u32>;
@group(0) @binding(3) var<storage, read_write> combined: array<u32>;

// #include "common/bits.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.words) {
    return;
  }
  let a = one[params.one_word + i];
  let b = other[params.other_word + i];
  let alone = (a & ~b & params.one_alone) | (b & ~a & params.other_alone);
  let bits = alone | (a & b & params.both) | (~(a | b) & params.neither);
  combined[params.combined_word + i] = bits & bits_valid(params.columns, i % ((params.columns + 31u) / 32u));
}
