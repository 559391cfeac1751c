// Used by: src/ops/mask/measure_mask.ts, src/ops/mask/surface_directions.ts
// Pairs of set voxels, one in a row and one in a row `dy` rows and `dz` slices on: in the column before, the
// same, and the one behind. One invocation a row, one atomic a count. Exact below 2^32 pairs.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab, and the first.
  slices: u32,
  first_slice: u32,
  // Of the whole mask.
  depth: u32,
  // -1, 0 or 1, and 0 or 1.
  dy: i32,
  dz: u32,
  // Where its three counts are.
  first_count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> pairs: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let z = params.first_slice + id.y;
  let near_y = i32(id.x) + params.dy;
  if (near_y < 0 || near_y >= i32(params.rows) || z + params.dz >= params.depth) {
    return;
  }
  let pitch = (params.columns + 31u) / 32u;
  let row = (z * params.rows + id.x) * pitch;
  let near_row = ((z + params.dz) * params.rows + u32(near_y)) * pitch;
  var counts = vec3u(0u);
  var previous = 0u;
  var near = mask[near_row];
  for (var x = 0u; x < pitch; x++) {
    let word = mask[row + x];
    var next = 0u;
    if (x + 1u < pitch) {
      next = mask[near_row + x + 1u];
    }
    let before = word & ((near << 1u) | (previous >> 31u));
    let behind = word & ((near >> 1u) | (next << 31u));
    counts += countOneBits(vec3u(before, word & near, behind));
    previous = near;
    near = next;
  }
  if (any(counts != vec3u(0u))) {
    atomicAdd(&pairs[params.first_count], counts.x);
    atomicAdd(&pairs[params.first_count + 1u], counts.y);
    atomicAdd(&pairs[params.first_count + 2u], counts.z);
  }
}
