// Used by: src/ops/mask/distance_slabs.ts
// Along z, how many slices away each voxel's nearest set voxel is: up to 65534, 65535 where there is none.
// Two sweeps make it, one from the first slice up and one from the last down, each slab going on where its
// neighbor ended. One invocation two columns. Exact.

struct Params {
  columns: u32,
  rows: u32,
  // Slices of the slab; those that each buffer holds before its first.
  slices: u32,
  lead: u32,
  // 1 for the sweep back down, which goes on from the slice behind the slab and takes the nearer of both.
  back: u32,
  // Is there a slice to go on from?
  resumed: u32,
  // Farther than this is none.
  farthest: u32,
  mask_word: u32,
  // First word of what `steps` holds.
  steps_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
// Two to a word, as a volume's voxels, and as unsigned.
@group(0) @binding(2) var<storage, read_write> steps: array<u32>;

const none = 0xffffu;

fn next_step(before: u32, inside: bool) -> u32 {
  if (inside) {
    return 0u;
  }
  return select(before + 1u, none, before >= params.farthest);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pitch = (params.columns + 1u) / 2u;
  if (id.x >= pitch || id.y >= params.rows) {
    return;
  }
  let mask_pitch = (params.columns + 31u) / 32u;
  let back = params.back != 0u;
  var low = none;
  var high = none;
  if (params.resumed != 0u) {
    let z = select(params.lead - 1u, params.lead + params.slices, back);
    let word = steps[params.steps_word + (z * params.rows + id.y) * pitch + id.x];
    low = word & 0xffffu;
    high = word >> 16u;
  }
  for (var i = 0u; i < params.slices; i++) {
    let z = select(i, params.slices - 1u - i, back);
    let bits = mask[params.mask_word + (z * params.rows + id.y) * mask_pitch + id.x / 16u] >> ((id.x & 15u) * 2u);
    low = next_step(low, (bits & 1u) != 0u);
    high = next_step(high, (bits & 2u) != 0u);
    let at = params.steps_word + ((z + params.lead) * params.rows + id.y) * pitch + id.x;
    if (back) {
      low = min(low, steps[at] & 0xffffu);
      high = min(high, steps[at] >> 16u);
    }
    steps[at] = low | (high << 16u);
  }
}
