// Used by: src/ops/mask/scan_counts.ts
// Adds to each count the prefix sum of its block of 64: the way back down of count_scan. One invocation a
// count. Exact.

struct Params {
  entries: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < params.entries) {
    counts[i] += offsets[i / 64u];
  }
}
