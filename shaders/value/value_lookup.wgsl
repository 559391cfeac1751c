// Used by: src/ops/value/map_volume.ts
// Any function of HU to f32 by a table of all 65536 int16 values: window to 0..1, and every other look-up.
// One invocation a word of input (two voxels); output rows are dense. Bit-exact on every device: the table is
// made on the host in f64, and moved as bits, for a device may flush a float too small to be normal even when
// it only copies it.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu`.
  first_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// Entry i is the value for HU i - 32768, an f32.
@group(0) @binding(2) var<storage, read> lookup: array<u32>;
@group(0) @binding(3) var<storage, read_write> mapped: array<u32>;

// #include "common/volume.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = id.x * 2u;
  if (x >= params.columns) {
    return;
  }
  let pitch = (params.columns + 1u) / 2u;
  let row = id.z * params.rows + id.y;
  let word = hu[params.first_word + row * pitch + id.x];
  let at = row * params.columns + x;
  mapped[at] = lookup[u32(voxel_low(word) + 32768)];
  if (x + 1u < params.columns) {
    mapped[at + 1u] = lookup[u32(voxel_high(word) + 32768)];
  }
}
