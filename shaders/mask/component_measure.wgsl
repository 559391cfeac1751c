// Used by: src/ops/mask/component_measures.ts
// Voxels of each component where they are wanted, and the faces of the volume it touches, at the index of its
// root run; other entries stay 0. One invocation a row, one or two atomics a run. Exact below 2^32 voxels.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // Slices of the whole mask.
  depth: u32,
  // 0 for the faces alone.
  counted: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
@group(0) @binding(4) var<storage, read_write> voxels: array<atomic<u32>>;
// Bits 0 to 5: first and last column, first and last row, first and last slice.
@group(0) @binding(5) var<storage, read_write> faces: array<atomic<u32>>;

// #include "common/runs.wgsl"

// `run` covers columns [first, end).
fn note_run(run: u32, first: u32, end: u32, row_faces: u32) {
  let component = root[run];
  if (params.counted != 0u) {
    atomicAdd(&voxels[component], end - first);
  }
  let touched = row_faces | select(0u, 1u, first == 0u) | select(0u, 2u, end == params.columns);
  if (touched != 0u) {
    atomicOr(&faces[component], touched);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let z = params.first_slice + id.y;
  let row = z * params.rows + id.x;
  var row_faces = select(0u, 4u, id.x == 0u) | select(0u, 8u, id.x + 1u == params.rows);
  row_faces |= select(0u, 16u, z == 0u) | select(0u, 32u, z + 1u == params.depth);
  var run = first_run[row];
  var previous = 0u;
  var first = 0u;
  // One word past the end is empty, and so ends a run at the last column.
  for (var x = 0u; x <= row_words(); x++) {
    let word = row_word(row, x);
    var turns = word ^ ((word << 1u) | (previous >> 31u));
    while (turns != 0u) {
      let bit = firstTrailingBit(turns);
      turns &= turns - 1u;
      let column = x * 32u + bit;
      if ((word & (1u << bit)) != 0u) {
        first = column;
      } else {
        note_run(run, first, column, row_faces);
        run++;
      }
    }
    previous = word;
  }
}
