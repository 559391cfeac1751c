// Packed int16 HU to rows of f32 as `copyBufferToTexture` takes them into an r32float texture. One invocation a word (two
// voxels). Exact.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`.
  first_word: u32,
  // Pairs from one row of `texels` to the next.
  texel_pitch: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<vec2f>;

// #include "common/volume.wgsl"
// #include "render/common/display.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let word = hu[params.first_word + row * pitch + id.x];
  let pair = vec2f(f32(voxel_low(word)), f32(voxel_high(word))) - display_offset_hu;
  texels[row * params.texel_pitch + id.x] = pair;
}
