// Used by: src/ops/value/to_tensor.ts
// A volume as a dense tensor of what a table has for each of the 65536 int16 values: float32, or float16, two
// to a word, the first in its low half. One invocation an output word. Bit-exact on every device: floats are
// made on the host, and moved as bits. A slab begins at a whole word, so of float16 at an even voxel.

struct Params {
  columns: u32,
  // Voxels of the slab.
  voxels: u32,
  // First word of the slab in `hu`, and in `tensor`.
  first_word: u32,
  out_word: u32,
  // Voxels a word of the tensor: 1 or 2.
  a_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// Entry i is the bits of the value for HU i - 32768.
@group(0) @binding(2) var<storage, read> lookup: array<u32>;
@group(0) @binding(3) var<storage, read_write> tensor: array<u32>;

// #include "common/volume.wgsl"

fn entry(voxel: u32) -> u32 {
  let pitch = (params.columns + 1u) / 2u;
  let row = voxel / params.columns;
  let x = voxel - row * params.columns;
  let word = hu[params.first_word + row * pitch + x / 2u];
  return lookup[u32(select(voxel_low(word), voxel_high(word), (x & 1u) == 1u) + 32768)];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * 64u + id.x;
  let first = at * params.a_word;
  if (first >= params.voxels) {
    return;
  }
  var bits = entry(first);
  if (params.a_word == 2u && first + 1u < params.voxels) {
    bits |= entry(first + 1u) << 16u;
  }
  tensor[params.out_word + at] = bits;
}
