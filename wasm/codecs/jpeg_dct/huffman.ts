import { difference } from "../jpeg_lossless/huffman_tables";

/** Bits that index the fast table. */
export const FAST_BITS: u32 = 12;
/** Bits of a window that are sure to be valid: one unaligned load, less up to seven. */
export const WINDOW_BITS: u32 = 57;

/**
 * A table in memory: 2^12 u32 for `fast_entry`, then 2^16 u16 (symbol << 8 | code length; 0: no such code).
 */
const CODES: usize = 4 << FAST_BITS;
/** From a table to the next one. */
export const TABLE_BYTES: usize = CODES + (2 << 16);

// An entry is what a symbol does: value << 16 | skip << 8 | bits of code and value. 0: there is none. The
// coefficient `value` goes `skip` places after the last one. A skip of END and more ends the block; one that
// leaves the block without having END in it is an error. DC tables hold the same: their symbols, the sizes of
// differences, are those of a run of 0; skip is then without meaning.
export const END: u32 = 64 + 64;

/**
 * The symbol at the front of `window` where it fits the fast table, else 0. Its low six bits are a shift
 * count.
 */
// @ts-ignore: decorator
@inline
export function fast_entry(window: u64, table: usize): u32 {
  return load<u32>(table + (<usize>(window >> (64 - FAST_BITS)) << 2));
}

/** Code and length alone, as symbol << 8 | length; 0: no such code. */
// @ts-ignore: decorator
@inline
export function code_at(window: u64, table: usize): u32 {
  return <u32>load<u16>(table + CODES + (<usize>(window >> 48) << 1));
}

/** Any symbol at the front of `window`, as an entry. */
export function any_entry(window: u64, table: usize): u32 {
  const code = code_at(window, table);
  if (!code) return 0;
  const length = code & 0xff;
  const size = (code >> 8) & 15;
  const extra = size ? <u32>((window << length) >> (64 - size)) : 0;
  return entry_of(code >> 8, length, extra);
}

/**
 * T.81 F.1.2.2.1: run of zeros and size; no size is the end of the block (run 0) or 16 zeros (run 15), and
 * nothing else.
 */
// @ts-ignore: decorator
@inline
function entry_of(symbol: u32, length: u32, extra: u32): u32 {
  const run = symbol >> 4;
  const size = symbol & 15;
  if (size) return (difference(size, extra) << 16) | ((run + 1) << 8) | (length + size);
  if (run == 15) return (16 << 8) | length;
  return run == 0 ? (END << 8) | length : 0;
}

/** The symbol at the front of `window`, by whichever table has it. */
// @ts-ignore: decorator
@inline
export function entry_at(window: u64, table: usize): u32 {
  const entry = fast_entry(window, table);
  return entry ? entry : any_entry(window, table);
}

/** Expands a Huffman table (16 counts, then the symbols, both u8, checked by the host). */
export function build_table(counts: usize, symbols: usize, table: usize): void {
  memory.fill(table, 0, TABLE_BYTES);
  const codes = table + CODES;
  let code: u32 = 0;
  for (let length: u32 = 1; length <= 16; length++, code <<= 1) {
    for (let n = <u32>load<u8>(counts + length - 1); n > 0; n--, code++, symbols++) {
      const symbol = <u32>load<u8>(symbols);
      const entry = <u16>((symbol << 8) | length);
      const end = codes + (((code + 1) << (16 - length)) << 1);
      for (let p = codes + ((code << (16 - length)) << 1); p < end; p += 2) store<u16>(p, entry);
      if (length + (symbol & 15) <= FAST_BITS) fill_fast(table, code, length, symbol);
    }
  }
}

function fill_fast(fast: usize, code: u32, length: u32, symbol: u32): void {
  const size = symbol & 15;
  const run = <usize>4 << (FAST_BITS - length - size);
  let p = fast + (<usize>code << (FAST_BITS - length + 2));
  for (let extra: u32 = 0; extra < 1 << size; extra++) {
    const entry = entry_of(symbol, length, extra);
    const end = p + run;
    for (; p < end; p += 4) store<u32>(p, entry);
  }
}
