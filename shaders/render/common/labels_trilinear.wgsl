// Labels at a place, a bit each: those of which half the surroundings are, as linear interpolation weighs
// them, so that edges are smooth. Positions are texture coordinates. The includer declares `labels`, of one
// texel where there are none.

fn label_texel(at: vec3f) -> u32 {
  let last = vec3f(textureDimensions(labels)) - 1.0;
  return textureLoad(labels, vec3u(clamp(at, vec3f(0.0), last)), 0).r;
}

fn corner_step(corner: u32) -> vec3f {
  return vec3f(vec3u(corner, corner >> 1u, corner >> 2u) & vec3u(1u));
}

// The share of a label's voxels around a place, 0..1.
fn label_share(position: vec3f, bit: u32) -> f32 {
  let at = position * vec3f(textureDimensions(labels)) - 0.5;
  let base = floor(at);
  let part = at - base;
  var share = 0.0;
  for (var corner = 0u; corner < 8u; corner++) {
    let step = corner_step(corner);
    let near = mix(1.0 - part, part, step);
    share += near.x * near.y * near.z * f32((label_texel(base + step) >> bit) & 1u);
  }
  return share;
}

fn labels_at(position: vec3f) -> u32 {
  let base = floor(position * vec3f(textureDimensions(labels)) - 0.5);
  var every = 0xffffffffu;
  var some = 0u;
  for (var corner = 0u; corner < 8u; corner++) {
    let here = label_texel(base + corner_step(corner));
    every &= here;
    some |= here;
  }
  var found = every;
  var open = some & ~every;
  while (open != 0u) {
    let bit = firstTrailingBit(open);
    open &= open - 1u;
    found |= select(0u, 1u << bit, label_share(position, bit) >= 0.5);
  }
  return found;
}
