// Used by: src/ops/mask/components.ts
// Which components pass a rule of size and of faces touched: one invocation a run, read at root runs. Exact:
// the fraction is compared in 64-bit integers.

struct Params {
  runs: u32,
  // Bits of component_measure; a component that touches any of them is left out.
  rejected_faces: u32,
  maximum_voxels: u32,
  // At least this many millionths of the largest component.
  minimum_millionths: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> voxels: array<u32>;
@group(0) @binding(2) var<storage, read> faces: array<u32>;
@group(0) @binding(3) var<storage, read> largest: array<u32>;
@group(0) @binding(4) var<storage, read_write> chosen: array<u32>;

// #include "common/wide.wgsl"

fn passes(component: u32) -> bool {
  let count = voxels[component];
  if ((faces[component] & params.rejected_faces) != 0u || count > params.maximum_voxels) {
    return false;
  }
  return !wide_less(wide_product(count, 1000000u), wide_product(largest[0], params.minimum_millionths));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.y * groups.x * 64u + id.x;
  if (run < params.runs) {
    chosen[run] = select(0u, 1u, passes(run));
  }
}
