// Used by: src/ops/mask/component_ranks.ts
// Writes to the root run of each listed component its place in the list, from 1: one invocation a component.

struct Params {
  components: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> listed: array<u32>;
@group(0) @binding(2) var<storage, read_write> rank: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < params.components) {
    rank[listed[i]] = i + 1u;
  }
}
