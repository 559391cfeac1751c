// Used by: src/render/texture/downsample/downsampled_fill.ts
// Of each slice's 9 x 9 texels that a brick has a part in, the least and the greatest, as they are held. One
// invocation a brick and slice. Exact.

struct Params {
  // Of texels.
  columns: u32,
  rows: u32,
  // Words from one row of `texels` to the next.
  texel_pitch: u32,
  // 1: half floats, two to a word; else whole ones.
  half_floats: u32,
  brick_columns: u32,
  brick_rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> texels: array<u32>;
@group(0) @binding(2) var<storage, read_write> extremes: array<vec2f>;

// #include "render/common/bricks.wgsl"

fn texel(row: u32, x: u32) -> f32 {
  if (params.half_floats == 1u) {
    let pair = unpack2x16float(texels[row + x / 2u]);
    return select(pair.x, pair.y, (x & 1u) == 1u);
  }
  return bitcast<f32>(texels[row + x]);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let bricks = vec2u(params.brick_columns, params.brick_rows);
  if (any(id.xy >= bricks)) {
    return;
  }
  let cells = vec2u(brick_cells.xy);
  let first = id.xy * cells;
  let last = min(first + cells, vec2u(params.columns, params.rows) - 1u);
  var least = 1e30;
  var greatest = -1e30;
  for (var y = first.y; y <= last.y; y++) {
    let row = (id.z * params.rows + y) * params.texel_pitch;
    for (var x = first.x; x <= last.x; x++) {
      let value = texel(row, x);
      least = min(least, value);
      greatest = max(greatest, value);
    }
  }
  extremes[(id.z * bricks.y + id.y) * bricks.x + id.x] = vec2f(least, greatest);
}
