// Used by: src/ops/mask/distance_slabs.ts
// One more axis of squared distances: to[q] is the least of weight * (q - p)^2 + squares[p] over the voxels p
// of a line. One invocation a line, in time linear in its length: the lower envelope of parabolas
// (Felzenszwalb and Huttenlocher 2012). Float32; where two parabolas meet is written as the middle of their
// sites plus a small term, for sums of squared coordinates would lose the digits that matter.

struct Params {
  // Lines and lines of lines: where the very first begins, and voxels from one to the next.
  first: u32,
  inner: u32,
  inner_step: u32,
  outer: u32,
  outer_step: u32,
  // Voxels of a line, and from one to the next.
  length: u32,
  step: u32,
  // Spacing squared.
  weight: f32,
  // More than this counts as none, in and out.
  most: f32,
  nowhere: f32,
}

// A parabola of the envelope: its voxel, and from where on it is the lowest.
struct Arc {
  site: u32,
  start: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> squares: array<f32>;
// Of each line, where its voxels are.
@group(0) @binding(2) var<storage, read_write> envelope: array<Arc>;
@group(0) @binding(3) var<storage, read_write> reached: array<f32>;

// Where the parabola of `site` falls below that of the earlier `other`.
fn crossing(site: u32, square: f32, other: u32, other_square: f32) -> f32 {
  let middle = 0.5 * f32(site + other);
  return middle + (square - other_square) / (2.0 * params.weight * f32(site - other));
}

// How many arcs there are.
fn build_envelope(base: u32) -> u32 {
  var arcs = 0u;
  var top = Arc(0u, 0.0);
  var top_square = 0.0;
  for (var q = 0u; q < params.length; q++) {
    let square = squares[base + q * params.step];
    if (square > params.most) {
      continue;
    }
    var start = -1.0;
    while (arcs > 0u) {
      start = crossing(q, square, top.site, top_square);
      if (start > top.start) {
        break;
      }
      arcs--;
      start = -1.0;
      if (arcs > 0u) {
        top = envelope[base + (arcs - 1u) * params.step];
        top_square = squares[base + top.site * params.step];
      }
    }
    // What begins behind the line's end is never the lowest.
    if (start < f32(params.length)) {
      top = Arc(q, start);
      top_square = square;
      envelope[base + arcs * params.step] = top;
      arcs++;
    }
  }
  return arcs;
}

fn arc_start(base: u32, arc: u32, arcs: u32) -> f32 {
  if (arc < arcs) {
    return envelope[base + arc * params.step].start;
  }
  return f32(params.length);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.inner || id.y >= params.outer) {
    return;
  }
  let base = params.first + id.y * params.outer_step + id.x * params.inner_step;
  let arcs = build_envelope(base);
  var arc = 0u;
  var site = 0u;
  var square = params.nowhere;
  if (arcs > 0u) {
    site = envelope[base].site;
    square = squares[base + site * params.step];
  }
  var next = arc_start(base, 1u, arcs);
  for (var q = 0u; q < params.length; q++) {
    while (next < f32(q)) {
      arc++;
      site = envelope[base + arc * params.step].site;
      square = squares[base + site * params.step];
      next = arc_start(base, arc + 1u, arcs);
    }
    let away = f32(max(q, site) - min(q, site));
    let sum = params.weight * away * away + square;
    reached[base + q * params.step] = select(sum, params.nowhere, arcs == 0u || sum > params.most);
  }
}
