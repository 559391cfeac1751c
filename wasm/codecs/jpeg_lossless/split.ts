// One frame by four cursors. A Huffman decoder that starts at a wrong bit soon falls into step with the right
// one (here after 5 symbols in the median), so the stream is cut in four and decoded from all cuts at once:
// four chains of look-ups that do not wait for each other. Cursors 2 to 4 note where their first symbols
// start; the cursor before runs on past the cut until it stands on such a bit. From there on the next
// cursor's differences are the true ones; those before it are dropped.

import { any_symbol, fast_entry, window_at } from "./differences";

/**
 * Symbols a cursor notes at its start; 99 was the longest way to a junction in 20,000 trials on real slices.
 */
const NOTED: u32 = 320;
/** Most bits that four fast symbols or one long one take, with room. */
const STEP_BITS: u32 = 64;

/**
 * A cursor in memory: five u32. The host writes `bit` and `out`; `first` and the last `out` tell it what to
 * keep.
 */
const BIT: usize = 0; // where the next symbol starts
const STOP: usize = 4; // groups of four may start up to here
const OUT: usize = 8; // where the next difference goes
const FIRST: usize = 12; // differences to drop at the front
const CURSOR: usize = 20;

/**
 * Runs the four cursors at `cursors`, until each of the first three has met the next and the fourth is near
 * `limit`. `notes` has room for 3 * 320 u32. Every cut lies at least 16,384 bits before the next one and
 * before `limit`. Returns 0 where no junction was found or a cursor met a code that does not exist: decode
 * serially then.
 */
export function decode_split(
  top: usize, limit: u32, fast: usize, codes: usize, cursors: usize, notes: usize,
): u32 {
  for (let i: usize = 1; i < 4; i++) {
    if (!note(top, codes, cursors + i * CURSOR, notes + ((i - 1) * NOTED << 2))) return 0;
  }
  for (let i: usize = 0; i < 4; i++) {
    const next = i < 3 ? load<u32>(cursors + (i + 1) * CURSOR, FIRST) : limit;
    store<u32>(cursors + i * CURSOR, next - STEP_BITS, STOP);
  }
  if (!run_four(top, fast, codes, cursors)) return 0;
  for (let i: usize = 0; i < 4; i++) {
    if (!run_one(top, fast, codes, cursors + i * CURSOR)) return 0;
  }
  store<u32>(cursors, 0, FIRST);
  for (let i: usize = 0; i < 3; i++) {
    if (!join(top, codes, cursors + i * CURSOR, notes + (i * NOTED << 2))) return 0;
  }
  return 1;
}

/**
 * Decodes the first symbols of a cursor one by one, noting where each starts. Keeps the cut itself in FIRST
 * until `join`.
 */
function note(top: usize, codes: usize, cursor: usize, notes: usize): bool {
  let bit = load<u32>(cursor, BIT);
  let out = <usize>load<u32>(cursor, OUT);
  store<u32>(cursor, bit, FIRST);
  for (let n: u32 = 0; n < NOTED; n++, notes += 4, out += 2) {
    store<u32>(notes, bit);
    const symbol = any_symbol(window_at(top, bit), codes);
    if (!symbol) return false;
    store<u16>(out, <u16>(symbol >> 16));
    bit += symbol & 0xff;
  }
  store<u32>(cursor, bit, BIT);
  store<u32>(cursor, <u32>out, OUT);
  return true;
}

/** Decodes one by one until `cursor` stands where the next one noted a symbol. */
function join(top: usize, codes: usize, cursor: usize, notes: usize): bool {
  let bit = load<u32>(cursor, BIT);
  let out = <usize>load<u32>(cursor, OUT);
  let n: u32 = 0;
  while (true) {
    while (n < NOTED && load<u32>(notes + (n << 2)) < bit) n++;
    if (n == NOTED) return false;
    if (load<u32>(notes + (n << 2)) == bit) break;
    const symbol = any_symbol(window_at(top, bit), codes);
    if (!symbol) return false;
    store<u16>(out, <u16>(symbol >> 16));
    bit += symbol & 0xff;
    out += 2;
  }
  store<u32>(cursor, bit, BIT);
  store<u32>(cursor, <u32>out, OUT);
  store<u32>(cursor + CURSOR, n, FIRST);
  return true;
}

/** One cursor to its stop. */
function run_one(top: usize, fast: usize, codes: usize, cursor: usize): bool {
  const stop = load<u32>(cursor, STOP);
  let bit = load<u32>(cursor, BIT);
  let out = <usize>load<u32>(cursor, OUT);
  while (bit <= stop) {
    const bits = four(top, bit, fast, codes, out);
    if (!bits) return false;
    out += <usize>(bits >> 16);
    bit += bits & 0xff;
  }
  store<u32>(cursor, bit, BIT);
  store<u32>(cursor, <u32>out, OUT);
  return true;
}

/** All four cursors, in step, until the first of them is at its stop. */
function run_four(top: usize, fast: usize, codes: usize, cursors: usize): bool {
  let bit0 = load<u32>(cursors, BIT);
  let bit1 = load<u32>(cursors, BIT + CURSOR);
  let bit2 = load<u32>(cursors, BIT + 2 * CURSOR);
  let bit3 = load<u32>(cursors, BIT + 3 * CURSOR);
  let out0 = <usize>load<u32>(cursors, OUT);
  let out1 = <usize>load<u32>(cursors, OUT + CURSOR);
  let out2 = <usize>load<u32>(cursors, OUT + 2 * CURSOR);
  let out3 = <usize>load<u32>(cursors, OUT + 3 * CURSOR);
  const stop0 = load<u32>(cursors, STOP);
  const stop1 = load<u32>(cursors, STOP + CURSOR);
  const stop2 = load<u32>(cursors, STOP + 2 * CURSOR);
  const stop3 = load<u32>(cursors, STOP + 3 * CURSOR);
  while (bit0 <= stop0 && bit1 <= stop1 && bit2 <= stop2 && bit3 <= stop3) {
    const a = four(top, bit0, fast, codes, out0);
    const b = four(top, bit1, fast, codes, out1);
    const c = four(top, bit2, fast, codes, out2);
    const d = four(top, bit3, fast, codes, out3);
    if (!a || !b || !c || !d) return false;
    bit0 += a & 0xff;
    out0 += <usize>(a >> 16);
    bit1 += b & 0xff;
    out1 += <usize>(b >> 16);
    bit2 += c & 0xff;
    out2 += <usize>(c >> 16);
    bit3 += d & 0xff;
    out3 += <usize>(d >> 16);
  }
  store<u32>(cursors, bit0, BIT);
  store<u32>(cursors, bit1, BIT + CURSOR);
  store<u32>(cursors, bit2, BIT + 2 * CURSOR);
  store<u32>(cursors, bit3, BIT + 3 * CURSOR);
  store<u32>(cursors, <u32>out0, OUT);
  store<u32>(cursors, <u32>out1, OUT + CURSOR);
  store<u32>(cursors, <u32>out2, OUT + 2 * CURSOR);
  store<u32>(cursors, <u32>out3, OUT + 3 * CURSOR);
  return true;
}

/**
 * Up to four differences from bit `bit` to `out`: bytes written << 16 | bits used; 0 where no code matches.
 * Four that fit the fast table at once, else one.
 */
// @ts-ignore: decorator
@inline
function four(top: usize, bit: u32, fast: usize, codes: usize, out: usize): u32 {
  const start = window_at(top, bit);
  let window = start;
  const a = fast_entry(window, fast);
  window <<= a;
  const b = fast_entry(window, fast);
  window <<= b;
  const c = fast_entry(window, fast);
  window <<= c;
  const d = fast_entry(window, fast);
  store<u16>(out, <u16>(a >> 16));
  store<u16>(out, <u16>(b >> 16), 2);
  store<u16>(out, <u16>(c >> 16), 4);
  store<u16>(out, <u16>(d >> 16), 6);
  // An entry 0 leaves the window as it is, so all later ones of the four are 0 too: testing the last tests
  // all.
  if (d) return (8 << 16) | ((a + b + c + d) & 0xff);
  return few(start, a, b, c, codes, out);
}

/** The part of `four` where not all fit: those that do, else one long symbol. */
function few(window: u64, a: u32, b: u32, c: u32, codes: usize, out: usize): u32 {
  if (c) return (6 << 16) | ((a + b + c) & 0xff);
  if (b) return (4 << 16) | ((a + b) & 0xff);
  if (a) return (2 << 16) | (a & 0xff);
  const symbol = any_symbol(window, codes);
  if (!symbol) return 0;
  store<u16>(out, <u16>(symbol >> 16));
  return (2 << 16) | (symbol & 0xff);
}
