// One step of a dilation: what was gathered so far grows by `reach` columns to either side, then up to 16 rows of the mask are added.
// An element is a set of rows of its own half-widths; taken from the widest to the narrowest, every row grows to its width by the
// steps that follow it, for a dilation of a union is the union of dilations (Horner's scheme). One invocation a word. Exact at
// any width, since each step passes its bits on across words. Rows outside the volume are empty.
//
// Rows are fields, not an array: an index that is not constant costs a software adapter three times the load itself.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab, and the first of them.
  slices: u32,
  first_slice: u32,
  // 1 in the first step, when nothing has been gathered yet.
  fresh: u32,
  // 0 to 32.
  reach: u32,
  // All ones to read the mask complemented, and all ones to complement the result; else 0.
  complement: u32,
  finish: u32,
  // Slices that `mask` holds, and how many of them lie before the slab's first.
  mask_slices: u32,
  lead: u32,
  // First word of those slices in `mask`, of the slab in `gathered` and in `spread`.
  mask_word: u32,
  gathered_word: u32,
  spread_word: u32,
  // How many rows are added; rows away in the low half, slices away in the high half of each.
  added: u32,
  row_0: i32,
  row_1: i32,
  row_2: i32,
  row_3: i32,
  row_4: i32,
  row_5: i32,
  row_6: i32,
  row_7: i32,
  row_8: i32,
  row_9: i32,
  row_10: i32,
  row_11: i32,
  row_12: i32,
  row_13: i32,
  row_14: i32,
  row_15: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Of tile_reach, for the whole volume.
@group(0) @binding(2) var<storage, read> work: array<u32>;
@group(0) @binding(3) var<storage, read> gathered: array<u32>;
@group(0) @binding(4) var<storage, read_write> spread: array<u32>;

// #include "common/bits.wgsl"

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

fn gathered_and_grown(at: u32, x: u32, pitch: u32) -> u32 {
  var previous = 0u;
  if (x > 0u) {
    previous = gathered[at - 1u];
  }
  var next = 0u;
  if (x + 1u < pitch) {
    next = gathered[at + 1u];
  }
  return grown(previous, gathered[at], next);
}

fn row_bits(id: vec3u, pitch: u32, away: i32) -> u32 {
  let y = u32(i32(id.y) + extractBits(away, 0u, 16u));
  let z = u32(i32(id.z + params.lead) + (away >> 16u));
  // What is before the first wraps to far behind the last.
  if (y >= params.rows || z >= params.mask_slices) {
    return 0u;
  }
  return mask[params.mask_word + (z * params.rows + y) * pitch + id.x] ^ params.complement;
}

// Rows `first` to first + 3; `first` is a multiple of 4.
fn four_rows(id: vec3u, pitch: u32, first: u32) -> u32 {
  var four = vec4i(params.row_0, params.row_1, params.row_2, params.row_3);
  four = select(four, vec4i(params.row_4, params.row_5, params.row_6, params.row_7), first == 4u);
  four = select(four, vec4i(params.row_8, params.row_9, params.row_10, params.row_11), first == 8u);
  four = select(four, vec4i(params.row_12, params.row_13, params.row_14, params.row_15), first == 12u);
  let low = row_bits(id, pitch, four.x) | row_bits(id, pitch, four.y);
  return low | row_bits(id, pitch, four.z) | row_bits(id, pitch, four.w);
}

fn worked_on(id: vec3u, pitch: u32, at: u32, valid: u32) -> u32 {
  var bits = 0u;
  if (params.fresh == 0u) {
    bits = gathered_and_grown(params.gathered_word + at, id.x, pitch) & valid;
  }
  for (var first = 0u; first < params.added && bits != valid; first += 4u) {
    bits |= four_rows(id, pitch, first) & valid;
  }
  return bits;
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let tile_z = (params.first_slice + id.z) / 4u;
  var todo = work[(tile_z * ((params.rows + 7u) / 8u) + id.y / 8u) * pitch + id.x];
  let valid = bits_valid(params.columns, id.x);
  let at = (id.z * params.rows + id.y) * pitch + id.x;
  var bits = select(0u, valid, todo == 1u);
  // A condition, as a loop that runs once: a software adapter jumps over loops only, and walks through both sides of an if.
  for (; todo == 2u; todo = 0u) {
    bits = worked_on(id, pitch, at, valid);
  }
  spread[params.spread_word + at] = (bits ^ params.finish) & valid;
}
