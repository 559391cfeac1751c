// Length of the gradient in HU per mm: central differences, one-sided at the faces of the volume; 0 along an
// axis of one voxel. Within 1e-6 of f64 arithmetic, relative: two products, two sums and a root, each rounded
// once.

struct Params {
  columns: u32,
  rows: u32,
  // Slices of the volume, and the first one of this pass.
  slices: u32,
  z_first: u32,
  // Where the bound part begins: its first slice, and that slice's word in `hu`; the first word written in
  // `gradient`.
  source_slice: u32,
  source_word: u32,
  out_word: u32,
  // 1 / spacing.
  per_mm_x: f32,
  per_mm_y: f32,
  per_mm_z: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;

// #include "common/volume.wgsl"
// #include "filter/common/neighbors.wgsl"

fn pair_at(word: u32, y: u32, z: u32) -> vec2i {
  let pitch = (params.columns + 1u) / 2u;
  let at = hu[params.source_word + ((z - params.source_slice) * params.rows + y) * pitch + word];
  return vec2i(voxel_low(at), voxel_high(at));
}

// What a difference over the neighbors of index i is divided by: two steps inside, one at a face, where the
// edge is repeated.
fn per_step(i: u32, count: u32) -> f32 {
  return select(0.5, 1.0, i == 0u || i + 1u == count);
}

// Of both voxels of a word.
fn gradient_at(word: u32, y: u32, z: u32) -> vec2f {
  let row = row_neighbors(word, y, z);
  let steps = vec2f(per_step(word * 2u, params.columns), per_step(word * 2u + 1u, params.columns));
  let dx = vec2f(row.zw - row.xy) * (steps * params.per_mm_x);
  let rise_y = pair_at(word, min(y + 1u, params.rows - 1u), z) - pair_at(word, max(y, 1u) - 1u, z);
  let dy = vec2f(rise_y) * (per_step(y, params.rows) * params.per_mm_y);
  let rise_z = pair_at(word, y, min(z + 1u, params.slices - 1u)) - pair_at(word, y, max(z, 1u) - 1u);
  let dz = vec2f(rise_z) * (per_step(z, params.slices) * params.per_mm_z);
  return sqrt(dx * dx + dy * dy + dz * dz);
}
