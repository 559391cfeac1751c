// One triangle that covers the target; the scissor cuts it.
@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  return vec4f(f32((index & 1u) * 4u) - 1.0, f32((index & 2u) * 2u) - 1.0, 0.0, 1.0);
}
