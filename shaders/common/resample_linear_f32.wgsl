// The arithmetic of resample_linear.wgsl in f32. Fractions are the bits of f32.

alias Value = f32;

fn value_of(hu: i32) -> f32 {
  return f32(hu);
}

fn mix_x(a: f32, b: f32, fraction: u32) -> f32 {
  return a + (b - a) * bitcast<f32>(fraction);
}

fn mix_pair(a: vec2f, b: vec2f, fraction: u32) -> vec2f {
  return a + (b - a) * bitcast<f32>(fraction);
}
