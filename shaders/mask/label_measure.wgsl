// Used by: src/ops/mask/label_statistics.ts
// Count, extremes and sums of the voxels of every label, in one pass: 8 words a label. Values are stored ones
// plus 32768. One invocation a row, atomics once a run of one label. Exact below 2^32 voxels.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu` and in `labels`.
  hu_word: u32,
  label_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
// Voxels, 65535 - minimum, maximum, nothing; sum and sum of squares as 64 bits, the low ones first.
@group(0) @binding(3) var<storage, read_write> measures: array<atomic<u32>>;

// Adds 64 bits at a word and the next.
fn add_wide(at: u32, low: u32, high: u32) {
  let before = atomicAdd(&measures[at], low);
  let carry = select(0u, 1u, before + low < before);
  if (high + carry != 0u) {
    atomicAdd(&measures[at + 1u], high + carry);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows) {
    return;
  }
  let pitch = (params.columns + 1u) / 2u;
  let start = (id.y * params.rows + id.x) * pitch;
  var label = 0u;
  var voxels = 0u;
  var least = 65535u;
  var most = 0u;
  var sum = 0u;
  var squares = vec2u(0u);
  // One column past the end ends the last run.
  for (var x = 0u; x <= params.columns; x++) {
    let word = start + x / 2u;
    let shift = (x & 1u) * 16u;
    var next = 0xffffffffu;
    if (x < params.columns) {
      next = (labels[params.label_word + word] >> shift) & 0xffffu;
    }
    if (next != label) {
      if (voxels > 0u) {
        let at = label * 8u;
        atomicAdd(&measures[at], voxels);
        atomicMax(&measures[at + 1u], 65535u - least);
        atomicMax(&measures[at + 2u], most);
        add_wide(at + 4u, sum, 0u);
        add_wide(at + 6u, squares.x, squares.y);
      }
      label = next;
      voxels = 0u;
      least = 65535u;
      most = 0u;
      sum = 0u;
      squares = vec2u(0u);
    }
    if (x < params.columns) {
      let value = ((hu[params.hu_word + word] >> shift) & 0xffffu) ^ 0x8000u;
      voxels++;
      least = min(least, value);
      most = max(most, value);
      sum += value;
      let square = value * value;
      squares.x += square;
      squares.y += select(0u, 1u, squares.x < square);
    }
  }
}
