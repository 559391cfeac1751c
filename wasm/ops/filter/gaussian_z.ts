// Used by: src/ops/filter/gaussian.ts
import { volume_row_bytes } from "../common/rows";

/** CPU body of shaders/filter/gaussian_z.wgsl: int16 HU along z to f32, eight columns a step. Split: y. */
export function gaussian_z(
  columns: u32,
  rows: u32,
  slices: u32,
  z_first: u32,
  z_end: u32,
  source_first: u32,
  source_end: u32,
  source_word: u32,
  radius: u32,
  first_weight: u32,
  continued: u32,
  hu: usize,
  weights: usize,
  blurred: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const slice_bytes = rows * row_bytes;
  const source = hu + (source_word << 2);
  const taps = weights + (first_weight << 2);
  for (let z = z_first; z < z_end; z++) {
    for (let y = from; y < to; y++) {
      const out = blurred + (((z - z_first) * rows + y) * (row_bytes << 1));
      if (continued == 0) memory.fill(out, 0, row_bytes << 1);
      for (let j: u32 = 0; j <= 2 * radius; j++) {
        const at = <u32>min(max(<i32>(z + j) - <i32>radius, 0), <i32>slices - 1);
        if (at < source_first || at >= source_end) continue;
        const row = source + ((at - source_first) * slice_bytes + y * row_bytes);
        add_row(row, row_bytes >> 1, load<f32>(taps + (j << 2)), out);
      }
    }
  }
}

function add_row(source: usize, voxels: u32, weight: f32, out: usize): void {
  const w = f32x4.splat(weight);
  let x: u32 = 0;
  for (; x + 8 <= voxels; x += 8) {
    const eight = v128.load(source + (x << 1));
    const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight));
    const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight));
    const at = out + (x << 2);
    v128.store(at, f32x4.add(v128.load(at), f32x4.mul(w, low)));
    v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(w, high)), 16);
  }
  for (; x < voxels; x++) {
    const at = out + (x << 2);
    store<f32>(at, load<f32>(at) + weight * <f32>load<i16>(source + (x << 1)));
  }
}
