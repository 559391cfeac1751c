import { load_u32, min_u32, store_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { list_runs, run_list_bytes } from "../common/runs";

/**
 * CPU body of shaders/mask/run_unite.wgsl: two lists of runs walked side by side, like a merge. Unions as there (a root is hooked to a smaller one only), so the
 * roots are the same for any number of threads. Split: y.
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
  scratch: usize,
): void {
  const rowBytes = mask_pitch(columns) << 2;
  let here = scratch;
  let near = scratch + run_list_bytes(columns);
  // With the row before as neighbor, its list is that of the row just done.
  const follows = dz == 0 && dy == -1;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    const near_z = <i32>z + dz;
    if (near_z < 0) continue;
    let near_count: u32 = follows ? list_runs(mask + z * rows * rowBytes, columns, complement, near) : 0;
    for (let y: u32 = follows ? 1 : 0; y < rows; y++) {
      const near_y = <i32>y + dy;
      if (near_y < 0 || near_y >= <i32>rows) continue;
      const row = z * rows + y;
      const near_row = <u32>near_z * rows + <u32>near_y;
      const count = list_runs(mask + row * rowBytes, columns, complement, here);
      if (!follows && count > 0) near_count = list_runs(mask + near_row * rowBytes, columns, complement, near);
      if (count > 0 && near_count > 0) {
        const run = load<u32>(first_run + (row << 2));
        unite_rows(parent, here, count, run, near, near_count, load<u32>(first_run + (near_row << 2)), diagonal);
      }
      if (follows) {
        const list = near;
        near = here;
        here = list;
        near_count = count;
      }
    }
  }
}

export function run_unite_scratch(columns: u32): usize {
  return run_list_bytes(columns) * 2;
}

/** Runs that share a column meet; with `reach` 1 those too that end where the other begins. */
function unite_rows(
  parent: usize,
  here: usize,
  here_count: u32,
  here_run: u32,
  near: usize,
  near_count: u32,
  near_run: u32,
  reach: u32,
): void {
  const here_end = here + (here_count << 3);
  const near_end = near + (near_count << 3);
  let a = here;
  let b = near;
  while (a < here_end && b < near_end) {
    const end = load<u32>(a, 4);
    const end_near = load<u32>(b, 4);
    if (load<u32>(a) < end_near + reach && load<u32>(b) < end + reach) {
      unite(parent, here_run + <u32>((a - here) >> 3), near_run + <u32>((b - near) >> 3));
    }
    // Who ends first meets nobody further; of a tie neither does, for between two runs of a row is a gap.
    if (end < end_near) a += 8;
    else b += 8;
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
