// What the packing of a brick's part of a slice does, whatever the texels' format. The includer says how a pair is stored, `put(at, pair)`, and what is then
// held of it, `held(pair)`. Extremes come from the words that are read for the texels anyway: a tenth of what it takes to read them from the texture.

// #include "common/volume.wgsl"
// #include "render/common/display.wgsl"
// #include "render/common/bricks.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let bricks = vec2u(params.brick_columns, params.brick_rows);
  if (any(id.xy >= bricks)) {
    return;
  }
  let cells = vec2u(brick_cells.xy);
  let size = vec2u(params.columns, params.rows);
  let first = id.xy * cells;
  let last = min(first + cells, size - 1u);
  // The last of the 9 is the next brick's to write, where there is one.
  let own = select(first + cells, size, id.xy + 1u == bricks);
  let pitch = (params.columns + 1u) / 2u;
  var least = 1e30;
  var greatest = -1e30;
  let own_pairs = vec2u(first.x, own.x + 1u) / 2u;
  let neighbor = own.x <= last.x;
  for (var y = first.y; y <= last.y; y++) {
    let row = id.z * params.rows + y;
    let source = params.first_word + row * pitch;
    let sink = row * params.texel_pitch;
    for (var pair = own_pairs.x; pair < own_pairs.y; pair++) {
      let word = hu[source + pair];
      let values = vec2f(f32(voxel_low(word)), f32(voxel_high(word))) - display_offset_hu;
      let second = select(values.x, values.y, 2u * pair < last.x);
      least = min(least, min(values.x, second));
      greatest = max(greatest, max(values.x, second));
      if (y < own.y) {
        put(sink + pair, values);
      }
    }
    if (neighbor) {
      let value = f32(voxel_low(hu[source + last.x / 2u])) - display_offset_hu;
      least = min(least, value);
      greatest = max(greatest, value);
    }
  }
  extremes[(id.z * bricks.y + id.y) * bricks.x + id.x] = held(vec2f(least, greatest));
}
