// Used by: src/ops/mask/combine_masks.ts
import { last_valid, mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/mask_combine.wgsl: two masks to one by a truth table, 128 voxels a step.
 * Split: line.
 */
export function mask_combine(
  columns: u32,
  words: u32,
  one_word: u32,
  other_word: u32,
  combined_word: u32,
  neither: u32,
  one_alone: u32,
  other_alone: u32,
  both: u32,
  one: usize,
  other: usize,
  combined: usize,
  from: u32,
  to: u32,
): void {
  const end = min(to, words);
  if (from >= end) return;
  const a = one + (one_word << 2);
  const b = other + (other_word << 2);
  const c = combined + (combined_word << 2);
  let i = from;
  for (; i + 4 <= end; i += 4) {
    const x = v128.load(a + (i << 2));
    const y = v128.load(b + (i << 2));
    const alone = v128.or(
      v128.and(v128.andnot(x, y), i32x4.splat(one_alone)),
      v128.and(v128.andnot(y, x), i32x4.splat(other_alone)),
    );
    const same = v128.or(
      v128.and(v128.and(x, y), i32x4.splat(both)),
      v128.andnot(i32x4.splat(neither), v128.or(x, y)),
    );
    v128.store(c + (i << 2), v128.or(alone, same));
  }
  for (; i < end; i++) {
    const x = load<u32>(a + (i << 2));
    const y = load<u32>(b + (i << 2));
    const alone = (x & ~y & one_alone) | (y & ~x & other_alone);
    store<u32>(c + (i << 2), alone | (x & y & both) | (~(x | y) & neither));
  }
  if (neither != 0) clear_padding(columns, c, from, end);
}

/** Only what makes voxels of nothing sets padding bits. */
function clear_padding(columns: u32, combined: usize, from: u32, to: u32): void {
  if ((columns & 31) == 0) return;
  const pitch = mask_pitch(columns);
  const valid = last_valid(columns);
  for (let i = from + (pitch - 1 - (from % pitch)); i < to; i += pitch) {
    const at = combined + (i << 2);
    store<u32>(at, load<u32>(at) & valid);
  }
}
