import { add_u32 } from "./atomics";

/**
 * Counts of all int16 values in four tables of 65536 u32, one in turn after the other: neighbors are often
 * equal, and a counter that was just written is slow to read again.
 */

/** Bytes of the tables. */
export const TABLES_BYTES: usize = 4 << 18;

export function clear_tables(tables: usize): void {
  memory.fill(tables, 0, TABLES_BYTES);
}

/** Adds `count` voxels from `source` on. */
export function count_voxels(source: usize, count: u32, tables: usize): void {
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    // Entry i is for HU i - 32768: the sign bit turned over.
    const four = load<u64>(source + (i << 1)) ^ 0x8000800080008000;
    // Entries of four bytes, cut out of the voxels where they lie.
    const a = tables + <usize>((four << 2) & 0x3fffc);
    const b = tables + <usize>((four >> 14) & 0x3fffc);
    const c = tables + <usize>((four >> 30) & 0x3fffc);
    const d = tables + <usize>((four >> 46) & 0x3fffc);
    store<u32>(a, load<u32>(a) + 1);
    store<u32>(b, load<u32>(b, 1 << 18) + 1, 1 << 18);
    store<u32>(c, load<u32>(c, 2 << 18) + 1, 2 << 18);
    store<u32>(d, load<u32>(d, 3 << 18) + 1, 3 << 18);
  }
  for (; i < count; i++) {
    const at = tables + ((<u32>load<u16>(source + (i << 1)) ^ 0x8000) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Adds the tables to `counts`, which other threads add to as well. */
export function add_tables(tables: usize, counts: usize): void {
  for (let i: usize = 0; i < 1 << 18; i += 16) {
    const sum = i32x4.add(
      i32x4.add(v128.load(tables + i), v128.load(tables + i + (1 << 18))),
      i32x4.add(v128.load(tables + i + (2 << 18)), v128.load(tables + i + (3 << 18))),
    );
    if (!v128.any_true(sum)) continue;
    add_u32(counts + i, i32x4.extract_lane(sum, 0));
    add_u32(counts + i + 4, i32x4.extract_lane(sum, 1));
    add_u32(counts + i + 8, i32x4.extract_lane(sum, 2));
    add_u32(counts + i + 12, i32x4.extract_lane(sum, 3));
  }
}
