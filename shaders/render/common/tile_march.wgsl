// The march of a ray for an extreme of its samples, by its tile's list of segments (tile_splat.wgsl,
// tile_sort.wgsl): from the one with the greatest bound on, until no later one can matter. Exact: a bound
// holds for every sample of its segment, and an extreme has no order. The includer says
// `cannot_matter(bound_hu: f32) -> bool`.

// #include "render/common/tiles.wgsl"

fn march_tile(ray: Ray, part: Indices, pixel: vec2f) {
  let tile = vec2i(pixel) / tile_px;
  let list = u32(tile.y * params.tile_columns + tile.x) * tile_segments;
  for (var k = 0u; k < tile_segments; k++) {
    let entry = tiles[list + k];
    if (entry == 0u || cannot_matter(entry_bound(entry))) {
      break;
    }
    if (counting) {
      counted.y++;
    }
    let start = params.first_sample + i32(entry_segment(entry)) * params.segment_samples;
    let first = max(part.first, start);
    let last = min(part.last, start + params.segment_samples - 1);
    if (first <= last) {
      _ = march_part(ray, first, last);
    }
  }
}
