// Used by: src/ops/mask/list_components.ts
// Box and sums of coordinates of each ranked component, and the faces of the volume it touches, in rows of 13
// words: one invocation a row of the mask, atomics for each run of a ranked component, those that would
// change nothing left out. Exact: sums are of 64 bits.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
  // Slices of the whole mask.
  depth: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
// At root runs: 0, or the number of its row in `table`, from 1.
@group(0) @binding(4) var<storage, read> rank: array<u32>;
// Complement of the least x, y, z (so that 0 is none yet), largest x, y, z; sums of x, y, z, low words first;
// faces, bits 0 to 5: first and last column, first and last row, first and last slice.
@group(0) @binding(5) var<storage, read_write> table: array<atomic<u32>>;

// #include "common/runs.wgsl"

fn raise(at: u32, value: u32) {
  if (value > atomicLoad(&table[at])) {
    atomicMax(&table[at], value);
  }
}

// What the low word loses, whoever adds first, the high word gains.
fn add_wide(at: u32, value: u32) {
  let before = atomicAdd(&table[at], value);
  if (before + value < before) {
    atomicAdd(&table[at + 1u], 1u);
  }
}

// The sum of first, first + 1 ... end - 1: one of the two factors is even. Exact up to 65536 columns.
fn sum_between(first: u32, end: u32) -> u32 {
  let length = end - first;
  let ends = first + end - 1u;
  if ((length & 1u) == 0u) {
    return (length / 2u) * ends;
  }
  return length * (ends / 2u);
}

fn faces_touched(first: u32, end: u32, y: u32, z: u32) -> u32 {
  let in_row = select(0u, 1u, first == 0u) | select(0u, 2u, end == params.columns);
  let in_slice = select(0u, 4u, y == 0u) | select(0u, 8u, y + 1u == params.rows);
  return in_row | in_slice | select(0u, 16u, z == 0u) | select(0u, 32u, z + 1u == params.depth);
}

// A run of columns [first, end).
fn note_run(run: u32, first: u32, end: u32, y: u32, z: u32) {
  let place = rank[root[run]];
  if (place == 0u) {
    return;
  }
  let at = (place - 1u) * 13u;
  raise(at, ~first);
  raise(at + 1u, ~y);
  raise(at + 2u, ~z);
  raise(at + 3u, end - 1u);
  raise(at + 4u, y);
  raise(at + 5u, z);
  add_wide(at + 6u, sum_between(first, end));
  add_wide(at + 8u, y * (end - first));
  add_wide(at + 10u, z * (end - first));
  let touched = faces_touched(first, end, y, z);
  if (touched != 0u) {
    atomicOr(&table[at + 12u], touched);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let z = params.first_slice + id.y;
  let row = z * params.rows + id.x;
  var run = first_run[row];
  var previous = 0u;
  var first = 0u;
  // One word past the end is empty, and so ends a run at the last column.
  for (var x = 0u; x <= row_words(); x++) {
    let word = row_word(row, x);
    var turns = word ^ ((word << 1u) | (previous >> 31u));
    while (turns != 0u) {
      let bit = firstTrailingBit(turns);
      turns &= turns - 1u;
      let column = x * 32u + bit;
      if ((word & (1u << bit)) != 0u) {
        first = column;
      } else {
        note_run(run, first, column, id.x, z);
        run++;
      }
    }
    previous = word;
  }
}
