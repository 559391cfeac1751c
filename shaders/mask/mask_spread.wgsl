// Used by: src/ops/mask/morphology.ts
// One step of a dilation: what was gathered so far grows by `reach` columns to either side, then 8 rows of
// the mask are added. An element is a set of rows of its own half-widths; taken from the widest to the
// narrowest, every row grows to its width by the steps that follow it, for a dilation of a union is the union
// of dilations (Horner's scheme). One invocation a word of the listed tiles. Exact at any width, since each
// step passes its bits on across words.
//
// Tiles are listed, not left early, and rows are fields, not an array: a software adapter walks through both
// sides of an if, and pays for an index that is not constant three times the load itself.

struct Params {
  columns: u32,
  rows: u32,
  slices: u32,
  tiles: u32,
  padded_first: u32,
  padded_rows: u32,
  padded_pitch: u32,
  // All ones; 0 in the first step, when nothing has been gathered yet.
  gathered_mask: u32,
  // 0 to 32.
  reach: u32,
  // All ones; 0 where a step only grows.
  added_mask: u32,
  // Words from a word to that of the row added, modulo 2^32.
  row_0: u32,
  row_1: u32,
  row_2: u32,
  row_3: u32,
  row_4: u32,
  row_5: u32,
  row_6: u32,
  row_7: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<u32>;
@group(0) @binding(2) var<storage, read> padded: array<u32>;
@group(0) @binding(3) var<storage, read> gathered: array<u32>;
@group(0) @binding(4) var<storage, read_write> spread: array<u32>;

// #include "common/bits.wgsl"
// #include "common/padded.wgsl"

// A word and its neighbors in the row, grown by `reach` to either side, by doubling.
fn grown(previous: u32, word: u32, next: u32) -> u32 {
  var low = previous;
  var up = word;
  var down = word;
  var high = next;
  var done = 0u;
  while (done < params.reach) {
    let step = min(done + 1u, params.reach - done);
    up |= (up << step) | (low >> (32u - step));
    low |= low << step;
    down |= (down >> step) | (high << (32u - step));
    high |= high >> step;
    done += step;
  }
  return up | down;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.tiles * 32u) {
    return;
  }
  // A tile is 1 word, 8 rows and 4 slices.
  let tile = list[i / 32u];
  let pitch = (params.columns + 31u) / 32u;
  let tile_rows = (params.rows + 7u) / 8u;
  let x = tile % pitch;
  let y = ((tile / pitch) % tile_rows) * 8u + (i & 7u);
  let z = (tile / (pitch * tile_rows)) * 4u + ((i >> 3u) & 3u);
  if (y >= params.rows || z >= params.slices) {
    return;
  }
  let at = padded_word(x, y, z);
  let bits = grown(gathered[at - 1u], gathered[at], gathered[at + 1u]) & params.gathered_mask;
  let near = padded[at + params.row_0] | padded[at + params.row_1] | padded[at + params.row_2] | padded[at + params.row_3];
  let far = padded[at + params.row_4] | padded[at + params.row_5] | padded[at + params.row_6] | padded[at + params.row_7];
  spread[at] = (bits | ((near | far) & params.added_mask)) & bits_valid(params.columns, x);
}
