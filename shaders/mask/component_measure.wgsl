// Voxels of each component, and the faces of the volume it touches, at the index of its root run; other entries stay 0.
// One invocation a word, one or two atomics per stretch of set bits. Exact below 2^32 voxels.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  // Slices of the whole mask.
  depth: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
@group(0) @binding(4) var<storage, read_write> voxels: array<atomic<u32>>;
// Bits 0 to 5: first and last column, first and last row, first and last slice.
@group(0) @binding(5) var<storage, read_write> faces: array<atomic<u32>>;

// #include "common/runs.wgsl"

fn faces_of(group: u32, x: u32, y: u32, z: u32) -> u32 {
  let last_column = params.columns - 1u;
  let last_bit = select(0u, 1u << (last_column & 31u), x == last_column / 32u);
  var touched = select(0u, 1u, x == 0u && (group & 1u) != 0u);
  touched |= select(0u, 2u, (group & last_bit) != 0u);
  touched |= select(0u, 4u, y == 0u) | select(0u, 8u, y + 1u == params.rows);
  return touched | select(0u, 16u, z == 0u) | select(0u, 32u, z + 1u == params.depth);
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let z = params.first_slice + id.z;
  let row = (z * params.rows + id.y) * pitch;
  let word = row_word(row, id.x);
  var rest = word;
  while (rest != 0u) {
    let group = bits_lowest_group(rest);
    rest &= ~group;
    let component = root[run_of(row, id.x, word, firstTrailingBit(group))];
    atomicAdd(&voxels[component], countOneBits(group));
    let touched = faces_of(group, id.x, id.y, z);
    if (touched != 0u) {
      atomicOr(&faces[component], touched);
    }
  }
}
