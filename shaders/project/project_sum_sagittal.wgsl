// Used by: src/ops/project/project_rays.ts
// Sums along x: an image of z rows and y columns, an i32 a pixel, rows padded to an even width. One
// invocation a row of voxels. Exact for rays of up to 65536 voxels.

struct Params {
  columns: u32,
  rows: u32,
  // Rays cover columns [first_column, end_column).
  first_column: u32,
  end_column: u32,
  // First word of the slab in `hu`; the first pixel of its first row in `sums`.
  first_word: u32,
  out_pixel: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> sums: array<i32>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows) {
    return;
  }
  let row = params.first_word + (id.y * params.rows + id.x) * ((params.columns + 1u) / 2u);
  var sum = 0;
  for (var word = params.first_column / 2u; word * 2u < params.end_column; word++) {
    let pair = hu[row + word];
    sum += select(0, voxel_low(pair), word * 2u >= params.first_column);
    sum += select(0, voxel_high(pair), word * 2u + 1u < params.end_column);
  }
  let out_pitch = params.rows + (params.rows & 1u);
  sums[params.out_pixel + id.y * out_pitch + id.x] = sum;
}
