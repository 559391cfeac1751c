// Used by: src/ops/mask/runs.ts
// Makes each run the root of a tree of its own, before unions: one invocation a run.

struct Params {
  runs: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parent: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.y * groups.x * 64u + id.x;
  if (run < params.runs) {
    parent[run] = run;
  }
}
