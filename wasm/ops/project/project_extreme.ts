// Used by: src/ops/project/project_rays.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/project/project_extreme.wgsl: maximum (or minimum, `flip` all ones) along y or z, eight
 * columns a step, and four voxels of a ray where they lie apart. Split: y.
 */
export function project_extreme(
  columns: u32,
  row_stride: u32,
  ray_stride: u32,
  ray_length: u32,
  first_word: u32,
  out_word: u32,
  continued: u32,
  flip: i32,
  hu: usize,
  projection: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = volume_row_bytes(columns);
  const step = ray_stride << 2;
  // Rows that follow each other in memory are read one after the other: four at once are four short streams,
  // which prefetchers lose (1.6 times as long).
  const apart = step != row_bytes;
  for (let row = from; row < to; row++) {
    const out = projection + (((out_word << 2) + row * row_bytes) as usize);
    let source = hu + ((first_word + row * row_stride) << 2);
    let i: u32 = 0;
    if (continued == 0) {
      memory.copy(out, source, row_bytes);
      source += step;
      i = 1;
    }
    if (flip == 0) {
      for (; apart && i + 4 <= ray_length; i += 4, source += step << 2) most_of_four(out, source, step, row_bytes);
      for (; i < ray_length; i++, source += step) most_of_one(out, source, row_bytes);
    } else {
      for (; apart && i + 4 <= ray_length; i += 4, source += step << 2) least_of_four(out, source, step, row_bytes);
      for (; i < ray_length; i++, source += step) least_of_one(out, source, row_bytes);
    }
  }
}

function most_of_four(out: usize, source: usize, step: u32, bytes: u32): void {
  let x: u32 = 0;
  for (; x + 16 <= bytes; x += 16) {
    const at = source + x;
    const a = i16x8.max_s(v128.load(at), v128.load(at + step));
    const b = i16x8.max_s(v128.load(at + 2 * step), v128.load(at + 3 * step));
    v128.store(out + x, i16x8.max_s(v128.load(out + x), i16x8.max_s(a, b)));
  }
  for (; x < bytes; x += 2) {
    let most = load<i16>(out + x);
    for (let i: u32 = 0; i < 4; i++) most = max(most, load<i16>(source + i * step + x));
    store<i16>(out + x, most);
  }
}

function most_of_one(out: usize, source: usize, bytes: u32): void {
  let x: u32 = 0;
  for (; x + 16 <= bytes; x += 16) {
    v128.store(out + x, i16x8.max_s(v128.load(out + x), v128.load(source + x)));
  }
  for (; x < bytes; x += 2) store<i16>(out + x, max(load<i16>(out + x), load<i16>(source + x)));
}

function least_of_four(out: usize, source: usize, step: u32, bytes: u32): void {
  let x: u32 = 0;
  for (; x + 16 <= bytes; x += 16) {
    const at = source + x;
    const a = i16x8.min_s(v128.load(at), v128.load(at + step));
    const b = i16x8.min_s(v128.load(at + 2 * step), v128.load(at + 3 * step));
    v128.store(out + x, i16x8.min_s(v128.load(out + x), i16x8.min_s(a, b)));
  }
  for (; x < bytes; x += 2) {
    let least = load<i16>(out + x);
    for (let i: u32 = 0; i < 4; i++) least = min(least, load<i16>(source + i * step + x));
    store<i16>(out + x, least);
  }
}

function least_of_one(out: usize, source: usize, bytes: u32): void {
  let x: u32 = 0;
  for (; x + 16 <= bytes; x += 16) {
    v128.store(out + x, i16x8.min_s(v128.load(out + x), v128.load(source + x)));
  }
  for (; x < bytes; x += 2) store<i16>(out + x, min(load<i16>(out + x), load<i16>(source + x)));
}
