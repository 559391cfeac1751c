// Used by: src/ops/project/project_rays.ts
// Maximum or minimum along x: an image of z rows and y columns. One invocation an output word (two rows of
// voxels). Exact.

struct Params {
  columns: u32,
  rows: u32,
  // Rays cover columns [first_column, end_column).
  first_column: u32,
  end_column: u32,
  // First word of the slab in `hu`, and of its first row in `projection`.
  first_word: u32,
  out_word: u32,
  // All ones for the minimum, which is the complement of the complements' maximum; else 0.
  flip: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> projection: array<u32>;

// #include "common/volume.wgsl"

fn row_extreme(row: u32) -> i32 {
  var most = -32768;
  for (var word = params.first_column / 2u; word * 2u < params.end_column; word++) {
    let pair = hu[row + word];
    if (word * 2u >= params.first_column) {
      most = max(most, voxel_low(pair) ^ params.flip);
    }
    if (word * 2u + 1u < params.end_column) {
      most = max(most, voxel_high(pair) ^ params.flip);
    }
  }
  return most ^ params.flip;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let y = id.x * 2u;
  if (y >= params.rows) {
    return;
  }
  let pitch = (params.columns + 1u) / 2u;
  let row = params.first_word + (id.y * params.rows + y) * pitch;
  let low = row_extreme(row);
  var high = 0;
  if (y + 1u < params.rows) {
    high = row_extreme(row + pitch);
  }
  projection[params.out_word + id.y * ((params.rows + 1u) / 2u) + id.x] = voxel_pack(low, high);
}
