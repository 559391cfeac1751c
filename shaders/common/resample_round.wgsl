// Two HU to a word of int16: to the nearest, halves away from zero, held within int16. Exact: x - trunc(x)
// cannot round.

fn round_pair(hu_pair: vec2f) -> u32 {
  let whole = trunc(hu_pair);
  let rounded = whole + select(vec2f(), sign(hu_pair), abs(hu_pair - whole) >= vec2f(0.5));
  let held = vec2i(clamp(rounded, vec2f(-32768.0), vec2f(32767.0)));
  return voxel_pack(held.x, held.y);
}
