/**
 * Medians of 3 x 3 x 3 voxels, eight columns a step, by the networks of shaders/filter/common/median.wgsl.
 * First each column's nine voxels (3 rows, 3 slices) are sorted, once; then three neighboring columns, nine
 * ranks each, give the 14th of 27. Scratch: nine rows, a rank each, with a voxel before and after.
 */

/** Bytes from one rank's row to the next: a vector before, a vector after. */
// @ts-ignore: decorator
@inline
export function rank_bytes(columns: u32): u32 {
  return (((columns + 7) >> 3) << 4) + 32;
}

/** Sorts the columns of nine rows: a1, a2, a3 of the slice before, b of this, c of the next. */
export function sort_columns(
  a1: usize,
  a2: usize,
  a3: usize,
  b1: usize,
  b2: usize,
  b3: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  columns: u32,
  scratch: usize,
): void {
  const step: usize = rank_bytes(columns);
  for (let x: usize = 0; x < <usize>(columns << 1); x += 16) {
    let al = v128.load(a1 + x);
    let am = v128.load(a2 + x);
    let ah = v128.load(a3 + x);
    let t = i16x8.min_s(al, am);
    am = i16x8.max_s(al, am);
    al = i16x8.min_s(t, ah);
    ah = i16x8.max_s(t, ah);
    t = i16x8.min_s(am, ah);
    ah = i16x8.max_s(am, ah);
    am = t;
    let bl = v128.load(b1 + x);
    let bm = v128.load(b2 + x);
    let bh = v128.load(b3 + x);
    t = i16x8.min_s(bl, bm);
    bm = i16x8.max_s(bl, bm);
    bl = i16x8.min_s(t, bh);
    bh = i16x8.max_s(t, bh);
    t = i16x8.min_s(bm, bh);
    bh = i16x8.max_s(bm, bh);
    bm = t;
    let cl = v128.load(c1 + x);
    let cm = v128.load(c2 + x);
    let ch = v128.load(c3 + x);
    t = i16x8.min_s(cl, cm);
    cm = i16x8.max_s(cl, cm);
    cl = i16x8.min_s(t, ch);
    ch = i16x8.max_s(t, ch);
    t = i16x8.min_s(cm, ch);
    ch = i16x8.max_s(cm, ch);
    cm = t;
    // Triples of lows, of middles, of highs.
    t = i16x8.min_s(al, bl);
    let u = i16x8.max_s(al, bl);
    const s0 = i16x8.min_s(t, cl);
    let s3 = i16x8.max_s(t, i16x8.min_s(u, cl));
    let s6 = i16x8.max_s(u, cl);
    t = i16x8.min_s(am, bm);
    u = i16x8.max_s(am, bm);
    let s1 = i16x8.min_s(t, cm);
    let s4 = i16x8.max_s(t, i16x8.min_s(u, cm));
    let s7 = i16x8.max_s(u, cm);
    t = i16x8.min_s(ah, bh);
    u = i16x8.max_s(ah, bh);
    let s2 = i16x8.min_s(t, ch);
    let s5 = i16x8.max_s(t, i16x8.min_s(u, ch));
    const s8 = i16x8.max_s(u, ch);
    // The rest of Floyd's network of nine.
    t = i16x8.min_s(s1, s3); s3 = i16x8.max_s(s1, s3); s1 = t;
    t = i16x8.min_s(s5, s7); s7 = i16x8.max_s(s5, s7); s5 = t;
    t = i16x8.min_s(s2, s6); s6 = i16x8.max_s(s2, s6); s2 = t;
    t = i16x8.min_s(s4, s6); s6 = i16x8.max_s(s4, s6); s4 = t;
    t = i16x8.min_s(s2, s4); s4 = i16x8.max_s(s2, s4); s2 = t;
    t = i16x8.min_s(s2, s3); s3 = i16x8.max_s(s2, s3); s2 = t;
    t = i16x8.min_s(s5, s6); s6 = i16x8.max_s(s5, s6); s5 = t;
    const out = scratch + 16 + x;
    v128.store(out, s0);
    v128.store(out + step, s1);
    v128.store(out + 2 * step, s2);
    v128.store(out + 3 * step, s3);
    v128.store(out + 4 * step, s4);
    v128.store(out + 5 * step, s5);
    v128.store(out + 6 * step, s6);
    v128.store(out + 7 * step, s7);
    v128.store(out + 8 * step, s8);
  }
  // The edge is repeated; what was sorted of the padding is overwritten.
  for (let k: usize = 0; k < 9; k++) {
    const row = scratch + 16 + k * step;
    store<i16>(row - 2, load<i16>(row));
    store<i16>(row + (columns << 1), load<i16>(row + ((columns - 1) << 1)));
  }
}

// @ts-ignore: decorator
@inline
function least(at: usize): v128 {
  return i16x8.min_s(i16x8.min_s(v128.load(at - 2), v128.load(at)), v128.load(at + 2));
}

// @ts-ignore: decorator
@inline
function middle(at: usize): v128 {
  const a = v128.load(at - 2);
  const b = v128.load(at);
  const c = v128.load(at + 2);
  return i16x8.max_s(i16x8.min_s(a, b), i16x8.min_s(i16x8.max_s(a, b), c));
}

// @ts-ignore: decorator
@inline
function greatest(at: usize): v128 {
  return i16x8.max_s(i16x8.max_s(v128.load(at - 2), v128.load(at)), v128.load(at + 2));
}

/** Of the eight columns whose ranks are at `at`, `step` bytes apart. */
export function median8(at: usize, step: usize): v128 {
  let l0 = least(at + 5 * step);
  let l1 = least(at + 6 * step);
  let l2 = least(at + 7 * step);
  let l3 = least(at + 8 * step);
  let h0 = greatest(at);
  let h1 = greatest(at + step);
  let h2 = greatest(at + 2 * step);
  let h3 = greatest(at + 3 * step);
  // Batcher's merge of four and four, as far as ranks of it are used.
  let t = i16x8.min_s(l0, h0); h0 = i16x8.max_s(l0, h0); l0 = t;
  t = i16x8.min_s(l1, h1); h1 = i16x8.max_s(l1, h1); l1 = t;
  t = i16x8.min_s(l2, h2); h2 = i16x8.max_s(l2, h2); l2 = t;
  t = i16x8.min_s(l3, h3); h3 = i16x8.max_s(l3, h3); l3 = t;
  t = i16x8.min_s(l2, h0); h0 = i16x8.max_s(l2, h0); l2 = t;
  t = i16x8.min_s(l3, h1); h1 = i16x8.max_s(l3, h1); l3 = t;
  t = i16x8.min_s(l1, l2); l2 = i16x8.max_s(l1, l2); l1 = t;
  t = i16x8.min_s(l3, h0); h0 = i16x8.max_s(l3, h0); l3 = t;
  t = i16x8.min_s(h1, h2); h2 = i16x8.max_s(h1, h2); h1 = t;
  let median = h2;
  median = i16x8.min_s(median, i16x8.max_s(h1, middle(at + 2 * step)));
  median = i16x8.min_s(median, i16x8.max_s(h0, middle(at + 3 * step)));
  median = i16x8.min_s(median, i16x8.max_s(l3, middle(at + 4 * step)));
  median = i16x8.min_s(median, i16x8.max_s(l2, middle(at + 5 * step)));
  return i16x8.min_s(median, i16x8.max_s(l1, middle(at + 6 * step)));
}
