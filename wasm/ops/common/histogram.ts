import { add_u32 } from "./atomics";

/**
 * Counts of all int16 values in four tables of 65536 u32, one in turn after the other: neighbors are often equal, and a counter that was just written is
 * slow to read again.
 */

/** Bytes of the tables. */
export const tables_bytes: usize = 4 << 18;

export function clear_tables(tables: usize): void {
  memory.fill(tables, 0, tables_bytes);
}

/** Adds `count` voxels from `source` on. */
export function count_voxels(source: usize, count: u32, tables: usize): void {
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    // Entry i is for HU i - 32768: the sign bit turned over.
    const four = load<u64>(source + (i << 1)) ^ 0x8000800080008000;
    bump(tables + <usize>((four & 0xffff) << 2));
    bump(tables + <usize>(((four >> 16) & 0xffff) << 2) + (1 << 18));
    bump(tables + <usize>(((four >> 32) & 0xffff) << 2) + (2 << 18));
    bump(tables + <usize>((four >> 48) << 2) + (3 << 18));
  }
  for (; i < count; i++) bump(tables + ((<u32>load<u16>(source + (i << 1)) ^ 0x8000) << 2));
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

// @ts-ignore: decorator
@inline
function bump(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}
