// Used by: src/ops/resample/resample_mask.ts
// Bits copied by tables of source indices, one table an output axis, as resample_pick does voxels. One
// invocation a word: 32 voxels of x. Exact; outside the source and in the padding bits are clear.

struct Params {
  // Output of this pass; its first slice in the table and its first word in the binding.
  columns: u32,
  rows: u32,
  slices: u32,
  slice_first: u32,
  out_word: u32,
  // Bits of the padded source between neighbors along the output's x, y, z.
  stride_x: u32,
  stride_y: u32,
  stride_z: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// x table, then y, then z; -1 outside the source.
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> picked: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let y = indices[params.columns + id.y];
  let z = indices[params.columns + params.rows + params.slice_first + id.z];
  var bits = 0u;
  if (y >= 0 && z >= 0) {
    let row = u32(y) * params.stride_y + u32(z) * params.stride_z;
    let first = id.x * 32u;
    for (var i = 0u; i < min(32u, params.columns - first); i++) {
      let x = indices[first + i];
      if (x >= 0) {
        let bit = row + u32(x) * params.stride_x;
        bits |= ((mask[bit >> 5u] >> (bit & 31u)) & 1u) << i;
      }
    }
  }
  picked[params.out_word + (id.z * params.rows + id.y) * pitch + id.x] = bits;
}
