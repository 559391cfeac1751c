// Used by: src/ops/mask/runs.ts
import { load_u32, min_u32, store_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { is_empty_row, wide_complement, word_of } from "../common/runs";

/**
 * CPU body of shaders/mask/run_unite.wgsl: two rows walked side by side, 64 voxels a step, one union a
 * stretch of columns that they share. Unions as there (a root is hooked to a smaller one only), so the roots
 * are the same for any number of threads. Split: y.
 */
export function run_unite(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  dy: i32,
  dz: i32,
  diagonal: u32,
  mask: usize,
  first_run: usize,
  parent: usize,
  from: u32,
  to: u32,
): void {
  const flip = wide_complement(complement);
  const row_bytes = mask_pitch(columns) << 2;
  const last = (first_slice + to) * rows - 1;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    const near_z = <i32>z + dz;
    if (near_z < 0) continue;
    for (let y: u32 = 0; y < rows; y++) {
      const near_y = <i32>y + dy;
      if (near_y < 0 || near_y >= <i32>rows) continue;
      const row = z * rows + y;
      const near_row = <u32>near_z * rows + <u32>near_y;
      if (is_empty_row(first_run, row, last) || is_empty_row(first_run, near_row, last)) continue;
      const run = load<u32>(first_run + (row << 2));
      const near_run = load<u32>(first_run + (near_row << 2));
      unite_rows(parent, mask + row * row_bytes, run, mask + near_row * row_bytes, near_run, columns, flip, diagonal);
    }
  }
}

function unite_rows(
  parent: usize,
  here_row: usize,
  here_first: u32,
  near_row: usize,
  near_first: u32,
  columns: u32,
  flip: u64,
  diagonal: u32,
): void {
  const words = (columns + 63) >> 6;
  // Of the run that began last.
  let here_run = here_first - 1;
  let near_run = near_first - 1;
  let here_carry: u64 = 0;
  let near_carry: u64 = 0;
  for (let x: u32 = 0; x < words; x++) {
    const here = word_of(here_row, x, columns, flip);
    const near = word_of(near_row, x, columns, flip);
    // Most words are all set or all clear, as the voxel before them is: nothing begins there.
    if (here == 0 - here_carry && near == 0 - near_carry) continue;
    const here_before = (here << 1) | here_carry;
    const near_before = (near << 1) | near_carry;
    const here_starts = here & ~here_before;
    const near_starts = near & ~near_before;
    let meetings = here & near & ~(here_before & near_before);
    // One begins where the other has just ended.
    if (diagonal != 0) meetings |= (here_starts & near_before & ~near) | (near_starts & here_before & ~here);
    for (; meetings != 0; meetings &= meetings - 1) {
      const through = meetings ^ (meetings - 1);
      unite(parent, here_run + <u32>popcnt(here_starts & through), near_run + <u32>popcnt(near_starts & through));
    }
    here_run += <u32>popcnt(here_starts);
    near_run += <u32>popcnt(near_starts);
    here_carry = here >> 63;
    near_carry = near >> 63;
  }
}

function unite(parent: usize, one: u32, other: u32): void {
  let a = find_root(parent, one);
  let b = find_root(parent, other);
  while (a != b) {
    const larger = max(a, b);
    b = min(a, b);
    const found = min_u32(parent + (larger << 2), b);
    if (found == larger) return;
    a = find_root(parent, found);
    b = find_root(parent, b);
  }
}

// @ts-ignore: decorator
@inline
function find_root(parent: usize, run: u32): u32 {
  let at = run;
  let up = load_u32(parent + (at << 2));
  while (up != at) {
    // Halves the path on the way: any ancestor will do as a parent, whatever others write meanwhile.
    const over = load_u32(parent + (up << 2));
    store_u32(parent + (at << 2), over);
    at = over;
    up = load_u32(parent + (at << 2));
  }
  return at;
}
