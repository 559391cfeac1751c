// One step of a dilation: what was gathered so far grows by `reach` columns to either side, then the rows of the mask at the listed
// offsets are added. An element is a set of rows of its own half-widths; taken from the widest to the narrowest, every row grows
// to its width by the steps that follow it, for a dilation of a union is the union of dilations (Horner's scheme). One invocation
// a word. Exact at any width, since each step passes its bits on across words. Rows outside the volume are empty.

struct Params {
  columns: u32,
  rows: u32,
  // Of the slab.
  slices: u32,
  // 1 in the first step, when nothing has been gathered yet.
  fresh: u32,
  // 0 to 32.
  reach: u32,
  first_offset: u32,
  end_offset: u32,
  // Slices that `mask` holds, and how many of them lie before the slab's first.
  mask_slices: u32,
  lead: u32,
  // All ones to read the mask complemented, and all ones to complement the result; else 0.
  complement: u32,
  finish: u32,
  // First word of those slices in `mask`, of the slab in `gathered` and in `spread`.
  mask_word: u32,
  gathered_word: u32,
  spread_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Rows and slices away.
@group(0) @binding(2) var<storage, read> offsets: array<vec2i>;
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

fn gathered_and_grown(row: u32, x: u32, pitch: u32) -> u32 {
  let at = params.gathered_word + row * pitch + x;
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

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  if (id.x >= pitch || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let valid = bits_valid(params.columns, id.x);
  let row = id.z * params.rows + id.y;
  var bits = 0u;
  if (params.fresh == 0u) {
    bits = gathered_and_grown(row, id.x, pitch) & valid;
  }
  for (var i = params.first_offset; i < params.end_offset && bits != valid; i++) {
    let y = i32(id.y) + offsets[i].x;
    let z = i32(id.z + params.lead) + offsets[i].y;
    if (y >= 0 && y < i32(params.rows) && z >= 0 && z < i32(params.mask_slices)) {
      let at = params.mask_word + (u32(z) * params.rows + u32(y)) * pitch + id.x;
      bits |= (mask[at] ^ params.complement) & valid;
    }
  }
  spread[params.spread_word + row * pitch + id.x] = (bits ^ params.finish) & valid;
}
