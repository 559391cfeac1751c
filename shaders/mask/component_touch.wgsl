// Used by: src/ops/mask/grow_from.ts
// Chooses the components of a mask that a seed touches: one invocation a row. Exact; all who choose one store
// the same.

struct Params {
  columns: u32,
  rows: u32,
  first_slice: u32,
  slices: u32,
  complement: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> first_run: array<u32>;
@group(0) @binding(3) var<storage, read> root: array<u32>;
@group(0) @binding(4) var<storage, read> seed: array<u32>;
// At root runs.
@group(0) @binding(5) var<storage, read_write> chosen: array<atomic<u32>>;

// #include "common/runs.wgsl"

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows || id.y >= params.slices) {
    return;
  }
  let row = (params.first_slice + id.y) * params.rows + id.x;
  var run = first_run[row];
  var previous = 0u;
  for (var x = 0u; x < row_words(); x++) {
    let word = row_word(row, x);
    let starts = bits_starts(word, previous);
    let hits = word & seed[row * row_words() + x];
    // Neighboring hits are in one run.
    var first_hits = hits & ~(hits << 1u);
    while (first_hits != 0u) {
      let bit = firstTrailingBit(first_hits);
      first_hits &= first_hits - 1u;
      atomicStore(&chosen[root[run + countOneBits(starts & bits_through(bit)) - 1u]], 1u);
    }
    run += countOneBits(starts);
    previous = word;
  }
}
