// Used by: src/ops/mask/scan_counts.ts
// Exclusive prefix sums inside blocks of 64 counts, in place, and the total of each block: one level of a
// reduce-then-scan. One invocation a block, serial, for a barrier costs a software adapter more than 64 loads
// do. Exact below 2^32.

struct Params {
  entries: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> totals: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunk = id.y * groups.x * 64u + id.x;
  let first = chunk * 64u;
  if (first >= params.entries) {
    return;
  }
  let end = min(first + 64u, params.entries);
  var sum = 0u;
  for (var i = first; i < end; i++) {
    let count = counts[i];
    counts[i] = sum;
    sum += count;
  }
  totals[chunk] = sum;
}
