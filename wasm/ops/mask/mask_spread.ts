// Used by: src/ops/mask/morphology.ts
import { padded_byte } from "../common/padded";
import { last_valid, mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/mask_spread.wgsl: one step of a dilation, over the words of the listed tiles.
 * Tiles that follow each other in a row, as listed ones mostly do, are done four at a time: 128 voxels a
 * step. Split: line.
 */
export function mask_spread(
  columns: u32,
  rows: u32,
  slices: u32,
  tiles: u32,
  padded_first: u32,
  padded_rows: u32,
  padded_pitch: u32,
  gathered_mask: u32,
  reach: u32,
  added_mask: u32,
  row_0: u32,
  row_1: u32,
  row_2: u32,
  row_3: u32,
  row_4: u32,
  row_5: u32,
  row_6: u32,
  row_7: u32,
  list: usize,
  padded: usize,
  gathered: usize,
  spread: usize,
  from: u32,
  to: u32,
): void {
  const pitch = mask_pitch(columns);
  const tile_rows = (rows + 7) >> 3;
  const valid = last_valid(columns);
  // A tile of 32 words is whole that part's in which it begins.
  const last = min((to + 31) >> 5, tiles);
  for (let i = (from + 31) >> 5; i < last; ) {
    const tile = load<u32>(list + (i << 2));
    const x = tile % pitch;
    const rest = tile / pitch;
    const y0 = (rest % tile_rows) << 3;
    const z0 = (rest / tile_rows) << 2;
    let wide: u32 = 1;
    while (wide < 4 && i + wide < last && x + wide < pitch && load<u32>(list + ((i + wide) << 2)) == tile + wide) wide++;
    const used = x + wide == pitch ? valid : 0xffffffff;
    const lanes = lanes_of(wide, used);
    for (let z = z0; z < min(z0 + 4, slices); z++) {
      for (let y = y0; y < min(y0 + 8, rows); y++) {
        const at = padded_byte(x, y, z, padded_first, padded_rows, padded_pitch);
        let bits = i32x4.splat(0);
        if (gathered_mask != 0) bits = grown(gathered + at, reach);
        if (added_mask != 0) {
          const here = padded + at;
          let more = v128.or(v128.load(here + (row_0 << 2)), v128.load(here + (row_1 << 2)));
          more = v128.or(more, v128.or(v128.load(here + (row_2 << 2)), v128.load(here + (row_3 << 2))));
          more = v128.or(more, v128.or(v128.load(here + (row_4 << 2)), v128.load(here + (row_5 << 2))));
          more = v128.or(more, v128.or(v128.load(here + (row_6 << 2)), v128.load(here + (row_7 << 2))));
          bits = v128.or(bits, more);
        }
        store_words(spread + at, v128.and(bits, lanes), wide);
      }
    }
    i += wide;
  }
}

/** Bits that are voxels, in `wide` words of which the last has `used`. */
function lanes_of(wide: u32, used: u32): v128 {
  const full: i32 = -1;
  if (wide == 1) return i32x4(used, 0, 0, 0);
  if (wide == 2) return i32x4.replace_lane(i32x4(full, 0, 0, 0), 1, used);
  if (wide == 3) return i32x4.replace_lane(i32x4(full, full, 0, 0), 2, used);
  return i32x4.replace_lane(i32x4.splat(full), 3, used);
}

// @ts-ignore: decorator
@inline
function store_words(at: usize, words: v128, wide: u32): void {
  if (wide == 4) {
    v128.store(at, words);
    return;
  }
  store<u32>(at, i32x4.extract_lane(words, 0));
  if (wide > 1) store<u32>(at, i32x4.extract_lane(words, 1), 4);
  if (wide > 2) store<u32>(at, i32x4.extract_lane(words, 2), 8);
}

/**
 * Four words grown by `reach` columns, 0 to 32, to either side, by doubling; bits come in from the words
 * beside each.
 */
// @ts-ignore: decorator
@inline
function grown(at: usize, reach: u32): v128 {
  let up = v128.load(at);
  if (reach == 0) return up;
  let down = up;
  let low = v128.load(at - 4);
  let high = v128.load(at + 4);
  for (let done: u32 = 0; done < reach; ) {
    const step = min(done + 1, reach - done);
    up = v128.or(up, v128.or(i32x4.shl(up, step), i32x4.shr_u(low, 32 - step)));
    low = v128.or(low, i32x4.shl(low, step));
    down = v128.or(down, v128.or(i32x4.shr_u(down, step), i32x4.shl(high, 32 - step)));
    high = v128.or(high, i32x4.shr_u(high, step));
    done += step;
  }
  return v128.or(up, down);
}
