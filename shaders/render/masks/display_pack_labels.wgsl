// Used by: src/render/texture/label_texture.ts
// One mask's bits into bit `label` of rows of bytes, a byte a voxel, as `copyBufferToTexture` takes them into
// an r8uint texture. One invocation a word of bytes (four voxels). The first mask of a slab overwrites, the
// others are added.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `bits`.
  first_word: u32,
  // Words from one row of `texels` to the next.
  texel_pitch: u32,
  label: u32,
  // 1: what `texels` held before is kept.
  keep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bits: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x * 4u >= params.columns) {
    return;
  }
  let row = id.z * params.rows + id.y;
  let pitch = (params.columns + 31u) / 32u;
  let four = bits[params.first_word + row * pitch + (id.x >> 3u)] >> ((id.x & 7u) * 4u);
  // Bits 0..3 to the lowest bits of bytes 0..3.
  let spread = (four & 1u) | ((four & 2u) << 7u) | ((four & 4u) << 14u) | ((four & 8u) << 21u);
  let at = row * params.texel_pitch + id.x;
  let kept = select(0u, texels[at], params.keep == 1u);
  texels[at] = kept | (spread << params.label);
}
