// Used by: src/ops/mask/runs.ts
// Unites the runs of each row with those they meet in one neighboring row, dy rows and dz slices away: where
// both have the same column set and, with `diagonal`, where columns next to each other are. One invocation a
// row, which walks both rows in words and unites once per stretch of columns. Half of a neighborhood is
// enough: the other half is the same pairs.
//
// Union-find without locks (Playne and Hawick 2018; Allegretti and others 2019): a root is only ever hooked
// to a smaller one, by atomicMin, and a hook that finds its root taken goes on with what it found there. So
// trees never cycle, loops end, and the root of a component is its smallest run whatever the order of
// invocations. Exact and deterministic.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // -1, 0 or 1, and -1 or 0.
  dy: i32,
  dz: i32,
  diagonal: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Per row: runs in earlier rows.
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read_write> parent: array<atomic<u32>>;

// #include "common/runs.wgsl"

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

// A word of a row, the words beside it, the runs that begin in it, and the number of the first of those.
struct Walk {
  word: u32,
  previous: u32,
  next: u32,
  starts: u32,
  run: u32,
}

fn walk_begin(row: u32) -> Walk {
  let word = row_word(row, 0u);
  return Walk(word, 0u, row_word(row, 1u), bits_starts(word, 0u), first_run[row]);
}

fn walk_on(at: Walk, row: u32, x: u32) -> Walk {
  let run = at.run + countOneBits(at.starts);
  return Walk(at.next, at.word, row_word(row, x + 1u), bits_starts(at.next, at.word), run);
}

// The number of runs up to `bit`: one more than the run of a set `bit`.
fn runs_through(at: Walk, bit: u32) -> u32 {
  return at.run + countOneBits(at.starts & bits_through(bit));
}

fn meet(here: Walk, near: Walk) {
  var same = bits_starts(here.word & near.word, here.previous & near.previous);
  var ahead = 0u;
  if (params.diagonal != 0u) {
    // A diagonal pair whose rows also meet straight beside it joins nothing new. So near is clear at the
    // pair's own column.
    let alone = here.word & ~near.word;
    let from_left = (near.word << 1u) | (near.previous >> 31u);
    let from_right = (near.word >> 1u) | (near.next << 31u);
    same |= alone & from_left & ~((here.word << 1u) | (here.previous >> 31u));
    ahead = alone & from_right & ~((here.word >> 1u) | (here.next << 31u));
  }
  while (same != 0u) {
    let bit = firstTrailingBit(same);
    same &= same - 1u;
    unite(runs_through(here, bit) - 1u, runs_through(near, bit) - 1u);
  }
  while (ahead != 0u) {
    let bit = firstTrailingBit(ahead);
    ahead &= ahead - 1u;
    unite(runs_through(here, bit) - 1u, runs_through(near, bit));
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let z = params.first_slice + id.y;
  let near_y = i32(id.x) + params.dy;
  let near_z = i32(z) + params.dz;
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  if (near_y < 0 || near_y >= i32(params.rows) || near_z < 0) {
    return;
  }
  let row = z * params.rows + id.x;
  let near_row = u32(near_z) * params.rows + u32(near_y);
  var here = walk_begin(row);
  var near = walk_begin(near_row);
  for (var x = 1u; x <= row_words(); x++) {
    meet(here, near);
    here = walk_on(here, row, x);
    near = walk_on(near, near_row, x);
  }
}
