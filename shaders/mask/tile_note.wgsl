// Used by: src/ops/mask/mask_tiles.ts
// What tiles of a mask hold: a tile is a word of 32 columns, 8 rows and 4 slices. One invocation a word of
// columns, 8 rows and one slice; one atomic each, so that a tile may be cut by the slabs.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab, and the first.
  slices: u32,
  first_slice: u32,
  mask_word: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Bit 0: some voxel is set; bit 1: some voxel is clear.
@group(0) @binding(2) var<storage, read_write> seen: array<atomic<u32>>;

// #include "common/bits.wgsl"

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  let tile_rows = (params.rows + 7u) / 8u;
  if (id.x >= pitch || id.y >= tile_rows || id.z >= params.slices) {
    return;
  }
  let valid = bits_valid(params.columns, id.x);
  let end = min(params.rows, id.y * 8u + 8u);
  var some = 0u;
  var every = valid;
  for (var y = id.y * 8u; y < end; y++) {
    let bits = mask[params.mask_word + (id.z * params.rows + y) * pitch + id.x] ^ params.complement;
    some |= bits & valid;
    every &= bits;
  }
  let z = (params.first_slice + id.z) / 4u;
  let noted = select(0u, 1u, some != 0u) | select(0u, 2u, every != valid);
  atomicOr(&seen[(z * tile_rows + id.y) * pitch + id.x], noted);
}
