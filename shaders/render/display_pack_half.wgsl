// Packed int16 HU to rows of half floats as `copyBufferToTexture` takes them into an r16float texture. One invocation a word
// (two voxels). Exact for -1024..3071 HU; beyond, rounded to the nearest half: 1 HU off at most to 5120, 2 to 9216, then double each time.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`.
  first_word: u32,
  // Words from one row of `texels` to the next.
  texel_pitch: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<u32>;

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
  texels[row * params.texel_pitch + id.x] = pack2x16float(pair);
}
