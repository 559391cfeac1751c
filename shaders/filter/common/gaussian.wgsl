// A convolution four outputs at a time: each value loaded along the axis meets the weights of the four
// outputs it is a tap of. Of an axis, weights are those of taps -radius to radius, then three zeros, so that
// every output has `taps` + 3 weights to slide over.

// The weights that value `i` has for outputs 0 to 3, from those of value i - 1.
fn slide_weights(before: vec4f, i: u32) -> vec4f {
  return vec4f(weights[params.first_weight + i], before.xyz);
}

// Index `i` of an axis of `count` voxels, whose edge is repeated.
fn within_axis(i: i32, count: u32) -> u32 {
  return u32(clamp(i, 0, i32(count) - 1));
}
