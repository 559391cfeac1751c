// Where things lie in the memory of the JPEG-LS kernel. The decoding loop needs more numbers than a processor
// has registers, so all that lasts is at fixed addresses: constants in the code. The host reserves [128,
// FIXED_END) first (src/decode/codecs/jpeg_ls/kernel.ts) and fills in the fields of SCAN, named there in the
// same order.

/** 32-bit fields, one after the other. */
export const SCAN: usize = 128;
/** Bit position of the next symbol (bits.ts); in and out. */
export const POSITION: usize = SCAN;
/** Lowest bit position at which all symbols so far were data. */
export const LAST_POSITION: usize = SCAN + 4;
/** T.87 RUNindex; in and out. */
export const RUN_INDEX: usize = SCAN + 8;
export const COLUMNS: usize = SCAN + 12;
export const MAXVAL: usize = SCAN + 16;
export const NEAR: usize = SCAN + 20;
export const RANGE: usize = SCAN + 24;
export const QBPP: usize = SCAN + 28;
export const LIMIT: usize = SCAN + 32;
export const RESET: usize = SCAN + 36;
export const T1: usize = SCAN + 40;
export const T2: usize = SCAN + 44;
export const T3: usize = SCAN + 48;
/** What `pack_rows` makes of a line; `OUT` moves on line by line. */
export const OUT: usize = SCAN + 52;
export const PITCH: usize = SCAN + 56;
export const RIGHT: usize = SCAN + 60;
export const MASK: usize = SCAN + 64;
export const SIGN: usize = SCAN + 68;
export const SLOPE: usize = SCAN + 72;
export const INTERCEPT: usize = SCAN + 76;
/** Two i32 of `pack_rows`. */
export const VALUE_RANGE: usize = SCAN + 80;
/** The greatest symbol; made here. */
export const MOST_SYMBOL: usize = SCAN + 88;

/** The greatest integer below 2^32 / n, u32, for n from 2 to 64 (contexts.ts). */
export const RECIPROCALS: usize = 256;
/** 367 contexts of 16 bytes (contexts.ts). */
export const CONTEXTS: usize = 640;
/**
 * Quantized gradients (gradients.ts): i8, the zero difference of the middle one of three tables, and their
 * distance.
 */
export const GRADIENTS: usize = 8192 + 65536 + 131072;
export const GRADIENT_STRIDE: usize = 131072;

/** Arrays of i32, one a sample of a line of up to 65535, with one before and some behind. */
const LINE_BYTES: usize = 65536 * 4 + 128;
/** The line being decoded. */
export const CURRENT: usize = 8192 + 3 * GRADIENT_STRIDE + 64;
/** The line above it. */
export const ABOVE: usize = CURRENT + LINE_BYTES;
/** Of each sample, address in GRADIENTS were its left neighbor 0. */
export const THIRD: usize = ABOVE + LINE_BYTES;
/** Of each sample, address of its context were the third gradient 0. */
export const FIRST: usize = THIRD + LINE_BYTES;
/** Of each sample, the difference of the two above it (b - c), where below and where above 0, else 0. */
export const FALL: usize = FIRST + LINE_BYTES;
export const RISE: usize = FALL + LINE_BYTES;
/** The line, narrowed to u16 for `pack_rows`. */
export const NARROW: usize = RISE + LINE_BYTES;
export const FIXED_END: usize = NARROW + LINE_BYTES / 2;
