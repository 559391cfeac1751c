// Tiles of a picture, each with a list of parts of its rays ("segments"). An entry is a bound and a segment,
// so that entries sort by their bounds: a whole HU that no sample of that part of any of the tile's rays
// exceeds. 0: no entry.
const tile_px = 8;
const tile_segments = 64u;

fn tile_entry(bound_hu: f32, segment: u32) -> u32 {
  return (u32(bound_hu + 65536.0) << 8u) | segment;
}

fn entry_bound(entry: u32) -> f32 {
  return f32(entry >> 8u) - 65536.0;
}

fn entry_segment(entry: u32) -> u32 {
  return entry & 255u;
}
