// Unites each run with the runs it meets in one neighboring row: a voxel at x with the voxel at x + dx, rows dy and slices
// dz away, once per unbroken stretch of such pairs. One invocation a word. Half of a neighborhood is enough: the other half
// is the same pairs from their other end.
//
// Union-find without locks (Playne and Hawick 2018; Allegretti 2019): a root is only ever hooked to a smaller one by
// atomicMin, and a hook that finds its root already taken goes on with what it found there. So trees never cycle, loops end,
// and the root of a component is its smallest run whatever the order of invocations. Exact and deterministic.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // -1, 0 or 1 each.
  dx: i32,
  dy: i32,
  dz: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read_write> parent: array<atomic<u32>>;

// #include "common/runs.wgsl"

// Word `x` of a row moved so that bit k is the voxel dx away from it; dx is 1 or -1.
fn moved_word(row: u32, x: u32) -> u32 {
  let word = row_word(row, x);
  if (params.dx > 0) {
    return (word >> 1u) | (row_word(row, x + 1u) << 31u);
  }
  return (word << 1u) | (row_word(row, x - 1u) >> 31u);
}

// The voxels of word `x` to unite along the offset. A diagonal pair is left out where a straight pair of the same two rows, which
// every neighborhood with the diagonal one has too, joins its runs already.
fn pairs_word(row: u32, near_row: u32, x: u32) -> u32 {
  let word = row_word(row, x);
  let near = row_word(near_row, x);
  if (params.dx == 0) {
    return word & near;
  }
  return word & moved_word(near_row, x) & ~(near | moved_word(row, x));
}

fn find_root(run: u32) -> u32 {
  var at = run;
  var up = atomicLoad(&parent[at]);
  while (up != at) {
    at = up;
    up = atomicLoad(&parent[at]);
  }
  return at;
}

fn unite(one: u32, other: u32) {
  var a = find_root(one);
  var b = find_root(other);
  while (a != b) {
    let larger = max(a, b);
    b = min(a, b);
    let found = atomicMin(&parent[larger], b);
    if (found == larger) {
      return;
    }
    a = find_root(found);
    b = find_root(b);
  }
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  let z = params.first_slice + id.z;
  let near_y = i32(id.y) + params.dy;
  let near_z = i32(z) + params.dz;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  if (near_y < 0 || near_y >= i32(params.rows) || near_z < 0) {
    return;
  }
  let row = (z * params.rows + id.y) * pitch;
  let near_row = (u32(near_z) * params.rows + u32(near_y)) * pitch;
  let pairs = pairs_word(row, near_row, id.x);
  if (pairs == 0u) {
    return;
  }
  let word = row_word(row, id.x);
  var starts = bits_starts(pairs, pairs_word(row, near_row, id.x - 1u));
  while (starts != 0u) {
    let bit = firstTrailingBit(starts);
    starts &= starts - 1u;
    let near_x = u32(i32(id.x * 32u + bit) + params.dx);
    let near_word = row_word(near_row, near_x / 32u);
    unite(run_of(row, id.x, word, bit), run_of(near_row, near_x / 32u, near_word, near_x & 31u));
  }
}
