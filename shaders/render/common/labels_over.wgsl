// Labels of a picture's pixels as colors over it, filled, outlined, or both, the last on top. The includer
// declares `labels`, a bit a label, and the params target_px, outline_px, count, fills and outlines.

// There are labels to show. SwiftShader runs what an `if` leaves out, masked: a picture without labels were
// four times as slow to show.
override labeled: bool = true;

fn labels_at(at: vec2f) -> u32 {
  let last = vec2f(textureDimensions(labels)) - 1.0;
  return textureLoad(labels, vec2u(clamp(floor(at), vec2f(0.0), last)), 0).r;
}

// Labels that end within the outline's width of a place.
fn outlined(at: vec2f, here: u32, scale: vec2f) -> u32 {
  let straight = params.outline_px * scale;
  let diagonal = straight * sqrt(0.5);
  var all = here;
  all &= labels_at(at + vec2f(straight.x, 0.0)) & labels_at(at - vec2f(straight.x, 0.0));
  all &= labels_at(at + vec2f(0.0, straight.y)) & labels_at(at - vec2f(0.0, straight.y));
  all &= labels_at(at + diagonal) & labels_at(at - diagonal);
  all &= labels_at(at + diagonal * vec2f(1.0, -1.0)) & labels_at(at + diagonal * vec2f(-1.0, 1.0));
  return here & ~all;
}

fn labels_over(under: vec3f, position: vec2f) -> vec3f {
  if (!labeled) {
    return under;
  }
  let scale = vec2f(textureDimensions(labels)) / params.target_px;
  let place = position * scale;
  let here = labels_at(place);
  if (here == 0u) {
    return under;
  }
  let edges = outlined(place, here, scale);
  var color = under;
  for (var i = 0u; i < params.count; i++) {
    let bit = u32(params.outlines[i].y);
    if (((here >> bit) & 1u) == 0u) {
      continue;
    }
    let fill = params.fills[i];
    let opacity = select(fill.a, max(fill.a, params.outlines[i].x), ((edges >> bit) & 1u) == 1u);
    color = mix(color, fill.rgb, opacity);
  }
  return color;
}
