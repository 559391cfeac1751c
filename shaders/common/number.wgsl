// WGSL may take it that no float is NaN, and fold a comparison with itself: the bits say it.

fn is_number(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7fffffffu) <= 0x7f800000u;
}
