// One scan in memory: a record of 32-bit fields that the host fills in (src/decode/jpeg_ls_kernel.ts names the same ones in the same order).

/** Reversed stream: its bits end at `TOP`, `LIMIT_BIT` of them are data. */
export const TOP: usize = 0;
export const LIMIT_BIT: usize = 4;
/** Where the next symbol starts; in and out. */
export const BIT: usize = 8;
/** T.87 RUNindex; in and out. */
export const RUN_INDEX: usize = 12;
export const COLUMNS: usize = 16;
/** The line above and the line being decoded: first sample of each; swapped after each line. */
export const ABOVE: usize = 20;
export const CURRENT: usize = 24;
export const MAXVAL: usize = 28;
export const NEAR: usize = 32;
export const RANGE: usize = 36;
export const QBPP: usize = 40;
export const LIMIT: usize = 44;
export const RESET: usize = 48;
/** The zero difference of the first of three tables, and the bytes of one (gradients.ts). */
export const GRADIENTS: usize = 52;
export const GRADIENT_BYTES: usize = 56;
export const CONTEXTS: usize = 60;
/** What `packRows` makes of a line. */
export const OUT: usize = 64;
export const PITCH: usize = 68;
export const RIGHT: usize = 72;
export const MASK: usize = 76;
export const SIGN: usize = 80;
export const SLOPE: usize = 84;
export const INTERCEPT: usize = 88;
export const RANGE_OUT: usize = 92;

// @ts-ignore: decorator
@inline
export function field(scan: usize, offset: usize): i32 {
  return load<i32>(scan + offset);
}
