/**
 * Runs of a row of bits: maximal stretches of set voxels, found where a bit differs from the one before it. A
 * list holds two u32 a run, its first column and the one behind its last; a row of n columns has at most (n +
 * 1) / 2 runs.
 */

/** Bytes of the longest list that a row can have. */
// @ts-ignore: decorator
@inline
export function run_list_bytes(columns: u32): usize {
  return <usize>((columns + 2) << 2);
}

/**
 * What `word_of` takes for the complement that kernels have: all ones to turn set and clear voxels about,
 * else 0.
 */
// @ts-ignore: decorator
@inline
export function wide_complement(complement: u32): u64 {
  return ((<u64>complement) << 32) | complement;
}

/**
 * Word `x` of a row, 64 voxels of which the last may be fewer, of set or with `flip` all ones of clear
 * voxels.
 */
// @ts-ignore: decorator
@inline
export function word_of(row: usize, x: u32, columns: u32, flip: u64): u64 {
  const at = row + (x << 3);
  const rest = columns - (x << 6);
  if (rest >= 64) return load<u64>(at) ^ flip;
  // A row may end with the lower half of a word; the upper is another row's.
  const bits = rest > 32 ? load<u64>(at) : <u64>load<u32>(at);
  return (bits ^ flip) & (((<u64>1) << rest) - 1);
}

/**
 * Lists the runs of the row at `row`, or with `complement` all ones those of its clear voxels; gives how many
 * there are.
 */
export function list_runs(row: usize, columns: u32, complement: u32, list: usize): u32 {
  const flip = wide_complement(complement);
  const words = (columns + 63) >> 6;
  let out = list;
  let carry: u64 = 0;
  for (let x: u32 = 0; x < words; x++) {
    const word = word_of(row, x, columns, flip);
    let turns = word ^ ((word << 1) | carry);
    carry = word >> 63;
    while (turns != 0) {
      store<u32>(out, (x << 6) + <u32>ctz(turns));
      out += 4;
      turns &= turns - 1;
    }
  }
  // A run up to the last voxel of a last full word turns nowhere.
  if (carry != 0) {
    store<u32>(out, columns);
    out += 4;
  }
  return <u32>((out - list) >> 3);
}

/** How many runs the row has, without listing them. */
export function count_runs(row: usize, columns: u32, complement: u32): u32 {
  const flip = wide_complement(complement);
  const words = (columns + 63) >> 6;
  let count: u32 = 0;
  let carry: u64 = 0;
  for (let x: u32 = 0; x < words; x++) {
    const word = word_of(row, x, columns, flip);
    count += <u32>popcnt(word & ~((word << 1) | carry));
    carry = word >> 63;
  }
  return count;
}

/**
 * True where the counts of runs tell that the row has none, which most rows of a mask have: nobody need look.
 */
// @ts-ignore: decorator
@inline
export function is_empty_row(first_run: usize, row: u32, last_row: u32): bool {
  return row < last_row && load<u32>(first_run + (row << 2)) == load<u32>(first_run + (row << 2), 4);
}

/** Sets columns [first, end) of a row. */
export function set_columns(row: usize, first: u32, end: u32): void {
  let word = first >> 5;
  const last = (end - 1) >> 5;
  let bits: u32 = 0xffffffff << (first & 31);
  for (; word < last; word++) {
    const at = row + (word << 2);
    store<u32>(at, load<u32>(at) | bits);
    bits = 0xffffffff;
  }
  const at = row + (word << 2);
  store<u32>(at, load<u32>(at) | (bits & (0xffffffff >> (31 - ((end - 1) & 31)))));
}

/** Set voxels of a row in columns [first, end). */
export function count_columns(row: usize, first: u32, end: u32): u32 {
  let word = first >> 5;
  const last = (end - 1) >> 5;
  let bits: u32 = 0xffffffff << (first & 31);
  let count: u32 = 0;
  for (; word < last; word++) {
    count += popcnt(load<u32>(row + (word << 2)) & bits);
    bits = 0xffffffff;
  }
  return count + popcnt(load<u32>(row + (word << 2)) & bits & (0xffffffff >> (31 - ((end - 1) & 31))));
}

/** Bits 0 to 5, as component_measure.wgsl has them: first and last row, first and last slice. */
// @ts-ignore: decorator
@inline
export function faces_of_row(y: u32, rows: u32, z: u32, depth: u32): u32 {
  return (
    (y == 0 ? 4 : 0) | (y + 1 == rows ? 8 : 0) | (z == 0 ? 16 : 0) | (z + 1 == depth ? 32 : 0)
  );
}

/** The same of columns [first, end): first and last column. */
// @ts-ignore: decorator
@inline
export function faces_of_columns(first: u32, end: u32, columns: u32): u32 {
  return (first == 0 ? 1 : 0) | (end == columns ? 2 : 0);
}
