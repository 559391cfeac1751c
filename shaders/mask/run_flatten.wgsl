// Used by: src/ops/mask/runs.ts
// Points each run straight at the root of its tree: one invocation a run. Runs shortened meanwhile by others
// only help.

struct Params {
  runs: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parent: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.y * groups.x * 64u + id.x;
  if (run >= params.runs) {
    return;
  }
  var root = run;
  var up = atomicLoad(&parent[root]);
  while (up != root) {
    root = up;
    up = atomicLoad(&parent[root]);
  }
  atomicStore(&parent[run], root);
}
