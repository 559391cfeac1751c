// What the packing of a brick's part of a slice does, whatever the texels' format. The includer says how a
// pair is stored, `put(at, pair)`, and what is then held of it, `held(pair)`. Extremes come from the words
// that are read for the texels anyway: a tenth of what it takes to read them from the texture.
// A row of a brick is four words and the next brick's first voxel, taken in a go: on a CPU a loop over them
// costs more than they do. Where the volume ends before the brick, its last voxel is taken again; what is
// written for it lies in the padding of the texels' rows, which are whole bricks.

// #include "common/volume.wgsl"
// #include "render/common/display.wgsl"
// #include "render/common/bricks.wgsl"

// The sixteen bits of each low half, sign-extended.
fn low_halves(words: vec4u) -> vec4i {
  return vec4i(words << vec4u(16u)) >> vec4u(16u);
}

// 1 and 0 for HU, which change nothing.
fn texel_of(stored: vec4i) -> vec4f {
  return vec4f(stored) * params.slope + params.intercept - display_offset_hu;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let bricks = vec2u(params.brick_columns, params.brick_rows);
  if (any(id.xy >= bricks)) {
    return;
  }
  let cells = vec2u(brick_cells.xy);
  let size = vec2u(params.columns, params.rows);
  let first = id.xy * cells;
  // The last of the 9 is the next brick's to write, where there is one.
  let own = select(first + cells, size, id.xy + 1u == bricks);
  let writes_ninth = own.x > first.x + cells.x;
  let pitch = (params.columns + 1u) / 2u;
  let word = first.x / 2u;
  let at = min(word + vec4u(0u, 1u, 2u, 3u), vec4u(pitch - 1u));
  let ninth_at = min(word + 4u, pitch - 1u);
  let has_high = 2u * at + 1u < vec4u(params.columns);
  var least = vec4i(32767);
  var greatest = vec4i(-32768);
  for (var y = first.y; y <= first.y + cells.y; y++) {
    let row = id.z * params.rows + min(y, params.rows - 1u);
    let source = params.first_word + row * pitch;
    let words = vec4u(hu[source + at.x], hu[source + at.y], hu[source + at.z], hu[source + at.w]);
    let low = low_halves(words);
    let high = select(low, vec4i(words) >> vec4u(16u), has_high);
    let ninth = voxel_low(hu[source + ninth_at]);
    least = min(min(least, vec4i(ninth)), min(low, high));
    greatest = max(max(greatest, vec4i(ninth)), max(low, high));
    if (y < own.y) {
      let sink = row * params.texel_pitch + word;
      let left = texel_of(low);
      let right = texel_of(high);
      put(sink, vec2f(left.x, right.x));
      put(sink + 1u, vec2f(left.y, right.y));
      put(sink + 2u, vec2f(left.z, right.z));
      put(sink + 3u, vec2f(left.w, right.w));
      if (writes_ninth) {
        put(sink + 4u, texel_of(vec4i(ninth)).xy);
      }
    }
  }
  let low = min(min(least.x, least.y), min(least.z, least.w));
  let high = max(max(greatest.x, greatest.y), max(greatest.z, greatest.w));
  extremes[(id.z * bricks.y + id.y) * bricks.x + id.x] = held(texel_of(vec4i(low, high, 0, 0)).xy);
}
