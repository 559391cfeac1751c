// Used by: src/ops/mask/threshold.ts
// HU in [from_hu, below_hu) to bits: one invocation a word of the mask, 16 words of voxels. Exact; padding
// bits are clear.

struct Params {
  columns: u32,
  rows: u32,
  slices: u32,
  from_hu: i32,
  below_hu: i32,
  // First word of the slab in `hu` and in `mask`.
  hu_word: u32,
  mask_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> mask: array<u32>;

// #include "common/bits.wgsl"
// #include "common/volume.wgsl"

fn inside(value: i32) -> u32 {
  return select(0u, 1u, value >= params.from_hu && value < params.below_hu);
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let hu_pitch = (params.columns + 1u) / 2u;
  let first = id.x * 16u;
  let at = params.hu_word + row * hu_pitch + first;
  let words = min(16u, hu_pitch - first);
  var bits = 0u;
  for (var i = 0u; i < words; i++) {
    let word = hu[at + i];
    let pair = inside(voxel_low(word)) | (inside(voxel_high(word)) << 1u);
    bits |= pair << (2u * i);
  }
  mask[params.mask_word + row * pitch + id.x] = bits & bits_valid(params.columns, id.x);
}
