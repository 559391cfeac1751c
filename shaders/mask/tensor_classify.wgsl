// Used by: src/ops/mask/masks_from_tensor.ts
// Channels of a dense tensor to the bits of one of them: where it is the largest, the first of those that are
// alike; of one channel alone, where it is above a bound. What is no number is never the largest. One
// invocation a word of the mask, 32 voxels of all channels. Exact: floats are compared, and not changed;
// padding bits are clear.

struct Params {
  columns: u32,
  // Rows of the slab, of all its slices.
  lines: u32,
  // In the tensor, each of `plane` floats.
  channels: u32,
  plane: u32,
  channel: u32,
  // The bound of a single channel.
  above: f32,
  // First word of the slab in `mask`.
  mask_word: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tensor: array<f32>;
@group(0) @binding(2) var<storage, read_write> mask: array<u32>;

// #include "common/number.wgsl"

fn is_set(voxel: u32) -> bool {
  if (params.channels == 1u) {
    let value = tensor[voxel];
    return is_number(value) && value > params.above;
  }
  var largest = -3.4028234663852886e38;
  var best = 0u;
  for (var i = 0u; i < params.channels; i++) {
    let value = tensor[i * params.plane + voxel];
    if (is_number(value) && value > largest) {
      largest = value;
      best = i;
    }
  }
  return best == params.channel;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = (params.columns + 31u) / 32u;
  let at = id.y * groups.x * 64u + id.x;
  let row = at / pitch;
  if (row >= params.lines) {
    return;
  }
  let first = 32u * (at - row * pitch);
  var bits = 0u;
  for (var i = 0u; i < min(32u, params.columns - first); i++) {
    bits |= select(0u, 1u << i, is_set(row * params.columns + first + i));
  }
  mask[params.mask_word + at] = bits;
}
