// 64-bit unsigned integers as (low, high) pairs of u32, which WGSL lacks.

fn wide_product(a: u32, b: u32) -> vec2u {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let low = a_low * b_low;
  let middle = a_high * b_low + (low >> 16u);
  let cross = a_low * b_high + (middle & 0xffffu);
  let high = a_high * b_high + (middle >> 16u) + (cross >> 16u);
  return vec2u((cross << 16u) | (low & 0xffffu), high);
}

fn wide_less(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}
