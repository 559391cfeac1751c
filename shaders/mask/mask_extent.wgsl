// Used by: src/ops/mask/bounding_box.ts
// Which columns, rows and slices of a mask hold a set voxel, a bit each: one invocation a row; only those
// that would add a bit pay for an atomic. Exact.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab, and the first.
  slices: u32,
  first_slice: u32,
  mask_word: u32,
  // First words of the rows and of the slices in `held`.
  rows_word: u32,
  slices_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> held: array<atomic<u32>>;

fn hold(at: u32, bits: u32) {
  if ((bits & ~atomicLoad(&held[at])) != 0u) {
    atomicOr(&held[at], bits);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let pitch = (params.columns + 31u) / 32u;
  let row = params.mask_word + (id.y * params.rows + id.x) * pitch;
  var some = 0u;
  for (var x = 0u; x < pitch; x++) {
    let word = mask[row + x];
    some |= word;
    hold(x, word);
  }
  if (some != 0u) {
    let z = params.first_slice + id.y;
    hold(params.rows_word + id.x / 32u, 1u << (id.x & 31u));
    hold(params.slices_word + z / 32u, 1u << (z & 31u));
  }
}
