// Counts of every int16 value: shared by the kernels for all voxels and for those in a mask, which define
// `taken(row, word)`: bits 0 and 1 say whether the low and the high voxel of a word count.
//
// One invocation walks `run` rows of one word column: neighbors in a group read neighboring words, and equal
// values in a row of a walk (air is a third of a chest scan, and much of it one value) cost one atomic
// together. Groups take turns over `copies` of the counts, so that a frequent value is not one address for
// the whole device. Exact below 2^32 voxels: integer additions commute, so the order in which they happen
// does not show.

struct Params {
  columns: u32,
  rows: u32,
  // First word of the slab in `hu` and in `mask`.
  hu_word: u32,
  mask_word: u32,
  // Rows that one invocation walks.
  run: u32,
  copies: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hu: array<u32>;
// 65536 a copy; entry i counts HU i - 32768.
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;

// #include "common/volume.wgsl"

// A value met `count` times and not yet added.
struct Pending {
  value: i32,
  count: u32,
}

fn settle(pending: Pending, copy: u32) {
  if (pending.count > 0u) {
    atomicAdd(&counts[copy * 65536u + u32(pending.value + 32768)], pending.count);
  }
}

fn meet(pending: Pending, value: i32, copy: u32) -> Pending {
  if (value == pending.value) {
    return Pending(value, pending.count + 1u);
  }
  settle(pending, copy);
  return Pending(value, 1u);
}

fn count_column(id: vec3u, group: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch) {
    return;
  }
  let copy = (group.x + group.y + group.z) % params.copies;
  let both = 2u * id.x + 1u < params.columns;
  let first = id.y * params.run;
  var pending = Pending(0, 0u);
  for (var y = first; y < min(first + params.run, params.rows); y++) {
    let row = id.z * params.rows + y;
    let bits = taken(row, id.x);
    let word = hu[params.hu_word + row * pitch + id.x];
    if ((bits & 1u) != 0u) {
      pending = meet(pending, voxel_low(word), copy);
    }
    // The padding voxel of an odd row is not data.
    if ((bits & 2u) != 0u && both) {
      pending = meet(pending, voxel_high(word), copy);
    }
  }
  settle(pending, copy);
}
