// Used by: src/render/texture/downsample/downsampled_labels.ts
// One mask's bits into bit `label` of rows of bytes of a coarser label texture of the same extent: set where
// at least half of what a texel covers is the mask's, as labels are interpolated. One invocation a word of
// bytes (four texels). The first mask of a slab overwrites, the others are added.
// Exact where whole factors divide the axes; else halves are told to one part in 2^22.

struct Params {
  // Of the mask.
  columns: u32,
  rows: u32,
  // First word of `first_slice` in `bits`.
  first_word: u32,
  first_slice: u32,
  texel_columns: u32,
  texel_rows: u32,
  // Slice of the texture that invocations of z = 0 make.
  first_texel: u32,
  // Words from one row of `texels` to the next.
  texel_pitch: u32,
  // Voxels to texels, in lowest terms.
  voxels_x: u32,
  texels_x: u32,
  voxels_y: u32,
  texels_y: u32,
  voxels_z: u32,
  texels_z: u32,
  label: u32,
  // 1: what `texels` held before is kept.
  keep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bits: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<u32>;

// #include "render/common/covered.wgsl"

fn row_parts(first_word: u32, columns: vec2u, texel: u32, ratio: vec2u) -> u32 {
  var parts = 0u;
  for (var x = columns.x; x < columns.y; x++) {
    let bit = (bits[first_word + x / 32u] >> (x % 32u)) & 1u;
    parts += bit * parts_of(x, texel, ratio);
  }
  return parts;
}

fn is_mostly(at: vec3u) -> bool {
  let along_x = vec2u(params.voxels_x, params.texels_x);
  let along_y = vec2u(params.voxels_y, params.texels_y);
  let along_z = vec2u(params.voxels_z, params.texels_z);
  let pitch = (params.columns + 31u) / 32u;
  let columns = covered(at.x, along_x);
  let rows = covered(at.y, along_y);
  let slices = covered(at.z, along_z);
  var sum = 0.0;
  for (var z = slices.x; z < slices.y; z++) {
    let slice_word = params.first_word + (z - params.first_slice) * params.rows * pitch;
    var slice_sum = 0.0;
    for (var y = rows.x; y < rows.y; y++) {
      let row = row_parts(slice_word + y * pitch, columns, at.x, along_x);
      slice_sum += f32(row) * f32(parts_of(y, at.y, along_y));
    }
    sum += slice_sum * f32(parts_of(z, at.z, along_z));
  }
  return 2.0 * sum >= f32(along_x.x) * f32(along_y.x) * f32(along_z.x);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let first = id.x * 4u;
  if (first >= params.texel_columns) {
    return;
  }
  var spread = 0u;
  for (var i = 0u; i < min(4u, params.texel_columns - first); i++) {
    let at = vec3u(first + i, id.y, params.first_texel + id.z);
    spread |= select(0u, 1u << (8u * i), is_mostly(at));
  }
  let at = (id.z * params.texel_rows + id.y) * params.texel_pitch + id.x;
  let kept = select(0u, texels[at], params.keep == 1u);
  texels[at] = kept | (spread << params.label);
}
