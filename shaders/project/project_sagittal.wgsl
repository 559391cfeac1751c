// Maximum along x: an image of z rows and y columns. One invocation an output word (two rows of voxels). Exact.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`, and of its first row in `projection`.
  first_word: u32,
  out_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> projection: array<u32>;

// #include "common/volume.wgsl"

fn row_maximum(first: u32) -> i32 {
  var largest = -32768;
  for (var x = 0u; x < params.columns; x += 2u) {
    let word = hu[first + x / 2u];
    largest = max(largest, voxel_low(word));
    // The padding voxel of an odd row is not data.
    if (x + 1u < params.columns) {
      largest = max(largest, voxel_high(word));
    }
  }
  return largest;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let y = id.x * 2u;
  if (y >= params.rows) {
    return;
  }
  let pitch = (params.columns + 1u) / 2u;
  let row = params.first_word + (id.y * params.rows + y) * pitch;
  let low = row_maximum(row);
  var high = 0;
  if (y + 1u < params.rows) {
    high = row_maximum(row + pitch);
  }
  projection[params.out_word + id.y * ((params.rows + 1u) / 2u) + id.x] = voxel_pack(low, high);
}
