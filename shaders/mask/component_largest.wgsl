// Used by: src/ops/mask/components.ts
// Voxels of the largest component: one invocation a run; only those that would raise the maximum pay for an
// atomic. Exact.

struct Params {
  runs: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> voxels: array<u32>;
@group(0) @binding(2) var<storage, read_write> largest: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.y * groups.x * 64u + id.x;
  if (run >= params.runs) {
    return;
  }
  let count = voxels[run];
  if (count > atomicLoad(&largest[0])) {
    atomicMax(&largest[0], count);
  }
}
