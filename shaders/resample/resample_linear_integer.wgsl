// Used by: src/ops/resample/resample_linear.ts
// Trilinear resampling to int16 HU in integers alone, so with the same bits on every device. One invocation
// two voxels of x, one y, `depth` of z. Fractions are 21 bits, what is made along x and y 256ths of a HU:
// each mix is d * f / 2^21 rounded once, to the nearest 256th, halves upward. 32 bits do not hold that
// product; its quotient is taken 7 bits of the fraction at a time, which is the same: floor((n + floor(x)) /
// m) = floor((n + x) / m). For all of int16: |d| <= 65535 * 256, so |d| * 128 < 2^31. Before the last
// rounding within 3 * (2^-9 + D * 2^-22) HU of exact arithmetic for neighbors D HU apart.

// #include "common/resample_linear.wgsl"

@group(0) @binding(3) var<storage, read_write> resampled: array<u32>;

alias Value = i32;

fn value_of(hu: i32) -> i32 {
  return hu;
}

// Of two voxels: 14 bits of the fraction at a time fit.
fn mix_x(a: i32, b: i32, fraction: u32) -> i32 {
  let d = b - a;
  let high = i32(fraction >> 7u);
  let low = i32(fraction & 127u);
  return a * 256 + ((d * high + ((d * low) >> 7u) + 32) >> 6u);
}

fn mix_pair(a: vec2i, b: vec2i, fraction: u32) -> vec2i {
  let d = b - a;
  let high = i32(fraction >> 14u);
  let middle = i32((fraction >> 7u) & 127u);
  let low = i32(fraction & 127u);
  let rest = (d * middle + ((d * low) >> vec2u(7u))) >> vec2u(7u);
  return a + ((d * high + rest + 64) >> vec2u(7u));
}

// To whole HU, halves away from zero.
fn store(word: u32, y: u32, z: u32, pair: vec2i) {
  let pitch = (params.out_columns + 1u) / 2u;
  let at = params.out_word + ((z - params.z_first) * params.out_rows + y) * pitch + word;
  let hu_pair = (pair + 128 + (pair >> vec2u(31u))) >> vec2u(8u);
  resampled[at] = voxel_pack(hu_pair.x, hu_pair.y);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  resample_column(id);
}
