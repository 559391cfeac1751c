// Used by: src/ops/value/map_volume.ts
// Any function of HU to 8 bits by a table of all 65536 int16 values. Output voxels are dense, rows not
// padded: one invocation an output word (four voxels, which may lie in two or more rows). Bit-exact: integers
// only.

struct Params {
  columns: u32,
  // Voxels of the slab.
  voxels: u32,
  // First word of the slab in `hu`.
  first_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// Entry i, four to a word, is the value for HU i - 32768.
@group(0) @binding(2) var<storage, read> lookup: array<u32>;
@group(0) @binding(3) var<storage, read_write> mapped: array<u32>;

// #include "common/volume.wgsl"

fn entry(value: i32) -> u32 {
  let i = u32(value + 32768);
  return extractBits(lookup[i / 4u], (i & 3u) * 8u, 8u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let out_word = id.y * groups.x * 64u + id.x;
  let first = out_word * 4u;
  if (first >= params.voxels) {
    return;
  }
  let pitch = (params.columns + 1u) / 2u;
  var row = first / params.columns;
  var x = first - row * params.columns;
  var bytes = 0u;
  for (var i = 0u; i < min(4u, params.voxels - first); i++) {
    let word = hu[params.first_word + row * pitch + x / 2u];
    bytes |= entry(select(voxel_low(word), voxel_high(word), (x & 1u) == 1u)) << (i * 8u);
    x++;
    if (x == params.columns) {
      x = 0u;
      row++;
    }
  }
  mapped[out_word] = bytes;
}
