// Used by: src/render/texture/display_fill.ts
// Packed int16 HU to rows of half floats as `copyBufferToTexture` takes them into an r16float texture, and of
// each slice's 9 x 9 texels that a brick has a part in the least and the greatest. One invocation a brick and
// slice. Exact for -1024..3071 HU; beyond, rounded to the nearest half: 1 HU off at most to 5120, 2 to 9216,
// then double each time.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`.
  first_word: u32,
  // Words from one row of `texels` to the next.
  texel_pitch: u32,
  brick_columns: u32,
  brick_rows: u32,
  // What stored values stand for, as the texture holds them.
  slope: f32,
  intercept: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<u32>;
@group(0) @binding(3) var<storage, read_write> extremes: array<vec2f>;

// #include "render/common/display_pack.wgsl"

fn put(at: u32, pair: vec2f) {
  texels[at] = pack2x16float(pair);
}

fn held(pair: vec2f) -> vec2f {
  return unpack2x16float(pack2x16float(pair));
}
