// Used by: src/render/texture/downsample/downsampled_fill.ts
// Packed int16 HU as rows of a coarser display texture of the same extent, as `copyBufferToTexture` takes
// them: the mean of the voxels that a texel covers, by how much of each it covers, rounded to a whole HU.
// Slices beside [first_slice, end_slice) have not arrived and do not count. One invocation two texels. The
// mean is within 0.01 HU before rounding, and exact where whole factors divide the axes.

struct Params {
  // Of the record.
  columns: u32,
  rows: u32,
  // First word of `first_slice` in `hu`.
  first_word: u32,
  first_slice: u32,
  end_slice: u32,
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
  // 1: half floats, two to a word; else whole ones.
  half_floats: u32,
  // What stored values stand for, as the texture holds them.
  slope: f32,
  intercept: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read_write> texels: array<u32>;

// #include "common/volume.wgsl"
// #include "render/common/display.wgsl"
// #include "render/common/covered.wgsl"

// The sum over the row that begins at a word, in whole numbers: 65535 columns of int16 fit.
fn row_sum(first_word: u32, columns: vec2u, texel: u32, ratio: vec2u) -> i32 {
  var sum = 0;
  for (var x = columns.x; x < columns.y; x++) {
    let word = hu[first_word + x / 2u];
    let value = select(voxel_low(word), voxel_high(word), (x & 1u) == 1u);
    sum += value * i32(parts_of(x, texel, ratio));
  }
  return sum;
}

fn mean_hu(at: vec3u) -> f32 {
  let along_x = vec2u(params.voxels_x, params.texels_x);
  let along_y = vec2u(params.voxels_y, params.texels_y);
  let along_z = vec2u(params.voxels_z, params.texels_z);
  let pitch = (params.columns + 1u) / 2u;
  let columns = covered(at.x, along_x);
  let rows = covered(at.y, along_y);
  let slices = covered(at.z, along_z);
  var sum = 0.0;
  var slice_parts = 0.0;
  for (var z = max(slices.x, params.first_slice); z < min(slices.y, params.end_slice); z++) {
    let slice_part = f32(parts_of(z, at.z, along_z));
    let slice_word = params.first_word + (z - params.first_slice) * params.rows * pitch;
    var slice_sum = 0.0;
    for (var y = rows.x; y < rows.y; y++) {
      let row = row_sum(slice_word + y * pitch, columns, at.x, along_x);
      slice_sum += f32(row) * f32(parts_of(y, at.y, along_y));
    }
    sum += slice_sum * slice_part;
    slice_parts += slice_part;
  }
  return floor(sum / (slice_parts * f32(along_y.x) * f32(along_x.x)) + 0.5);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let first = id.x * 2u;
  if (first >= params.texel_columns) {
    return;
  }
  let at = vec3u(first, id.y, params.first_texel + id.z);
  let second = vec3u(min(first + 1u, params.texel_columns - 1u), at.yz);
  let means = vec2f(mean_hu(at), mean_hu(second));
  let pair = means * params.slope + params.intercept - display_offset_hu;
  let row = (id.z * params.texel_rows + id.y) * params.texel_pitch;
  if (params.half_floats == 1u) {
    texels[row + id.x] = pack2x16float(pair);
    return;
  }
  texels[row + first] = bitcast<u32>(pair.x);
  texels[row + first + 1u] = bitcast<u32>(pair.y);
}
