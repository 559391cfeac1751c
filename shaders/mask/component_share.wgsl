// Used by: src/ops/mask/keep_by_share.ts
// Which components hold less than a share of one mask in the voxels of another: one invocation a run, read at
// root runs. Exact: compared in 64-bit integers. A component that holds nothing of the whole has no share,
// and is left out.

struct Params {
  runs: u32,
  below_millionths: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<u32>;
@group(0) @binding(2) var<storage, read> wholes: array<u32>;
@group(0) @binding(3) var<storage, read_write> chosen: array<u32>;

// #include "common/wide.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.y * groups.x * 64u + id.x;
  if (run < params.runs) {
    let part = wide_product(parts[run], 1000000u);
    chosen[run] = select(0u, 1u, wide_less(part, wide_product(wholes[run], params.below_millionths)));
  }
}
