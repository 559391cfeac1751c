// Used by: src/render/rays/skip/distance_map.ts
// Which bricks rays must look into: those where the transfer function has opacity for some HU between the
// extremes, and those that hold a label that is shown; but none where all is hidden. One invocation a brick.
// Exact: what is left out has no sample that is seen.

struct Params {
  bricks: vec3u,
  // 1: HU count; else labels alone.
  material: u32,
  overlay_bits: u32,
  hide_bits: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extremes: array<vec2f>;
@group(0) @binding(2) var<storage, read> brick_labels: array<u32>;
// At i, how many of the transfer function's texels before i have opacity.
@group(0) @binding(3) var<storage, read> opaque_before: array<u32>;
@group(0) @binding(4) var<storage, read_write> distances: array<u32>;

// #include "render/common/transfer_table.wgsl"

// Farther than any brick is.
const far = 1023u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= params.bricks)) {
    return;
  }
  let index = (id.z * params.bricks.y + id.y) * params.bricks.x + id.x;
  let hu = extremes[index];
  let opaque = opaque_before[texel_of_hu(hu.y) + 1u] - opaque_before[texel_of_hu(hu.x)];
  let here = brick_labels[index];
  let filled = (params.material == 1u && opaque > 0u) || (here & params.overlay_bits) != 0u;
  let hidden = params.hide_bits != 0u && (here & params.hide_bits) == 0u;
  distances[index] = select(far, 0u, filled && !hidden);
}
