// Used by: src/ops/mask/distance_slabs.ts
import { mask_pitch, volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/mask/distance_sweep.wgsl: slices to the nearest set voxel along z, eight columns a
 * step. Split: y.
 */
export function distance_sweep(
  columns: u32,
  rows: u32,
  slices: u32,
  lead: u32,
  back: u32,
  resumed: u32,
  farthest: u32,
  mask_word: u32,
  steps_word: u32,
  mask: usize,
  steps: usize,
  from: u32,
  to: u32,
): void {
  const mask_bytes = mask_pitch(columns) << 2;
  const row_bytes = volume_row_bytes(columns);
  const bits = mask + (mask_word << 2);
  const held = steps + (steps_word << 2);
  for (let i: u32 = 0; i < slices; i++) {
    const z = back != 0 ? slices - 1 - i : i;
    // What was stored for the slice before is what this one goes on from.
    const before = back != 0 ? z + lead + 1 : z + lead - 1;
    const starts = i == 0 && resumed == 0;
    for (let y = from; y < to; y++) {
      const out = held + ((z + lead) * rows + y) * row_bytes;
      const source = starts ? 0 : held + (before * rows + y) * row_bytes;
      sweep_row(bits + (z * rows + y) * mask_bytes, source, row_bytes >> 1, farthest, back != 0, out);
    }
  }
}

const NONE: u32 = 0xffff;

/** `before` is 0 where there is no slice to go on from. */
function sweep_row(bits: usize, before: usize, columns: u32, farthest: u32, back: bool, out: usize): void {
  const all = i16x8.splat(-1);
  const limit = i16x8.splat(<i16>farthest);
  const each = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  let x: u32 = 0;
  for (; x + 8 <= columns; x += 8) {
    const at: usize = x << 1;
    const was = before == 0 ? all : v128.load(before + at);
    const next = v128.or(i16x8.add(was, i16x8.splat(1)), i16x8.ge_u(was, limit));
    const inside = i16x8.eq(v128.and(i16x8.splat(load<u8>(bits + (x >> 3))), each), each);
    let now = v128.andnot(next, inside);
    if (back) now = i16x8.min_u(now, v128.load(out + at));
    v128.store(out + at, now);
  }
  for (; x < columns; x++) {
    const at: usize = x << 1;
    const was: u32 = before == 0 ? NONE : load<u16>(before + at);
    const inside = (load<u8>(bits + (x >> 3)) >> <u8>(x & 7)) & 1;
    let now: u32 = inside ? 0 : was >= farthest ? NONE : was + 1;
    if (back) now = min(now, <u32>load<u16>(out + at));
    store<u16>(out + at, <u16>now);
  }
}
