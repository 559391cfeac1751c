// Used by: src/ops/resample/resample_oblique.ts
// Resampling by any affine to int16 HU: rounded to the nearest, halves away from zero, held within int16. One
// invocation two voxels of x. Before rounding, for HU within +-2048, within 0.003 HU of f64 arithmetic,
// B-spline 0.01; nearest is exact.

// #include "common/resample_gather.wgsl"
// #include "common/volume.wgsl"
// #include "common/resample_round.wgsl"

@group(0) @binding(3) var<storage, read_write> resampled: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = id.x * 2u;
  if (x >= params.columns || id.y >= params.rows || id.z >= params.slices) {
    return;
  }
  let even = gather(x, id.y, id.z);
  let odd = gather(min(x + 1u, params.columns - 1u), id.y, id.z);
  let at = params.out_first + (id.z * params.rows + id.y) * ((params.columns + 1u) / 2u) + id.x;
  let keep = select(0xffffu, 0u, even.owned) | select(0xffff0000u, 0u, odd.owned);
  resampled[at] = (resampled[at] & keep) | (round_pair(vec2f(even.hu, odd.hu)) & ~keep);
}
