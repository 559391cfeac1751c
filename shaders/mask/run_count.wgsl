// How many runs begin in each word of a mask: one invocation a word. Exact.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> first_run: array<u32>;

// #include "common/runs.wgsl"

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let row = ((params.first_slice + id.z) * params.rows + id.y) * pitch;
  first_run[row + id.x] = countOneBits(bits_starts(row_word(row, id.x), row_word(row, id.x - 1u)));
}
