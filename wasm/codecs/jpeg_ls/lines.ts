import { window_at } from "./bits";
import { C, CODE, inversion, learn, reset_contexts } from "./contexts";
import { pass_line } from "./gradients";
import {
  ABOVE, COLUMNS, CONTEXTS, CURRENT, FALL, FIRST, GRADIENTS, INTERCEPT, LAST_POSITION, LIMIT, MASK, MAXVAL, MOST_SYMBOL, NARROW,
  NEAR, OUT, PITCH, POSITION, QBPP, RESET, RIGHT, RISE, RUN_INDEX, SIGN, SLOPE, THIRD, VALUE_RANGE,
} from "./layout";
import { FAILED, decode_run, limited_symbol, wrapped } from "./run";
import { pack_rows } from "../common/pack";

/**
 * Zeros from which on a code is not short. None has its limit below 17, and with a k up to 32 one window
 * holds the code.
 */
const SHORT_ZEROS: u32 = 16;
/** The default; up to here the counters of a context keep within what `short_golomb_code` takes. */
const SHORT_RESET: u32 = 64;

/**
 * Decodes a restart interval of `lines` lines, each packed to OUT. Returns 0, or 1 where a code is not
 * allowed or the data ran out: POSITION says where. A line takes at most 64 bits a sample, so that much below
 * the stream must be readable.
 */
export function decode_interval(lines: u32): u32 {
  const columns = load<u32>(COLUMNS);
  const most = load<u32>(MAXVAL);
  const qbpp = load<u32>(QBPP);
  const exact = load<u32>(NEAR) == 0 && (most & (most + 1)) == 0 && load<u32>(RESET) == SHORT_RESET;
  store<u32>(MOST_SYMBOL, (<u32>2 << qbpp) - 1);
  store<u32>(RUN_INDEX, 0);
  reset_contexts();
  memory.fill(CURRENT - 4, 0, (<usize>columns + 2) << 2);
  for (; lines > 0; lines--) {
    pass_line();
    store<i32>(CURRENT - 4, load<i32>(ABOVE));
    if (!(exact ? decode_exact_line() : decode_near_line())) return 1;
    if (load<u32>(POSITION) < load<u32>(LAST_POSITION)) return 1;
    pack_line(columns);
  }
  return 0;
}

function pack_line(columns: u32): void {
  const bytes = <usize>columns << 2;
  for (let x: usize = 0; x < bytes; x += 32) {
    v128.store(x >> 1, i16x8.narrow_i32x4_u(v128.load(x, CURRENT), v128.load(x, CURRENT + 16)), NARROW);
  }
  const out = <usize>load<u32>(OUT);
  const pitch = load<u32>(PITCH);
  pack_rows(
    NARROW, out, 1, columns, pitch, 0, load<u32>(RIGHT), load<u32>(MASK), load<u32>(SIGN),
    load<i32>(SLOPE), load<i32>(INTERCEPT), VALUE_RANGE,
  );
  store<u32>(OUT, <u32>out + (pitch << 1));
}

/** NEAR 0 and MAXVAL 2^n - 1: the modulo of the reconstruction is a mask. */
function decode_exact_line(): bool {
  return decode_line(true);
}

function decode_near_line(): bool {
  return decode_line(false);
}

// @ts-ignore: decorator
@inline
function decode_line(exact: bool): bool {
  const end = <usize>load<u32>(COLUMNS) << 2;
  let x: usize = 0;
  while (true) {
    x = decode_short(x, end, exact);
    if (x == end) return true;
    const third = load<i32>(x, THIRD) - load<i32>(x, CURRENT - 4);
    const context: usize = load<u32>(x, FIRST) + <i32>load<i8>(third);
    if (context == CONTEXTS) x = decode_run(x, end);
    else x = exact ? decode_long_exact(x, third, context) : decode_long_near(x, third, context);
    if (x == FAILED) return false;
    if (x == end) return true;
  }
}

/**
 * Samples of regular mode with short codes, from `x` (in bytes) of the line on. Returns where one of another
 * kind begins, or `end`. All that is rare is left to others, and all it needs often is in memory at constant
 * addresses, so that the loop fits the registers there are.
 */
// @ts-ignore: decorator
@inline
function decode_short(x: usize, end: usize, exact: bool): usize {
  let position = load<u32>(POSITION);
  let a = load<i32>(x, CURRENT - 4);
  do {
    const third = load<i32>(x, THIRD) - a;
    const context: usize = load<u32>(x, FIRST) + <i32>load<i8>(third);
    if (context == CONTEXTS) break;
    const window = window_at(position);
    const zeros = <u32>clz(window);
    if (zeros >= SHORT_ZEROS) break;
    const code = <u32>load<i8>(context, CODE);
    const unread = code - zeros;
    const symbol = <u32>(window >> (<u64>unread & 63)) + ((zeros - 1) << ~code);
    if (symbol > load<u32>(MOST_SYMBOL)) break;
    a = reconstruct(x, a, third, context, code, symbol, exact);
    position += unread;
    x += 4;
  } while (x < end);
  store<u32>(POSITION, position);
  return x;
}

function decode_long_exact(x: usize, third: usize, context: usize): usize {
  return decode_long(x, third, context, true);
}

function decode_long_near(x: usize, third: usize, context: usize): usize {
  return decode_long(x, third, context, false);
}

/** The sample at `x` with a code of any length. */
// @ts-ignore: decorator
@inline
function decode_long(x: usize, third: usize, context: usize, exact: bool): usize {
  const code = <u32>load<i8>(context, CODE);
  const symbol = limited_symbol(~code, load<u32>(LIMIT));
  if (symbol < 0) return FAILED;
  reconstruct(x, load<i32>(x, CURRENT - 4), third, context, code, symbol, exact);
  return x + 4;
}

/**
 * The sample at `x` from its symbol; `a` is its left neighbor, `third` the address in GRADIENTS it came by.
 */
// @ts-ignore: decorator
@inline
function reconstruct(
  x: usize, a: i32, third: usize, context: usize, code: u32, symbol: u32, exact: bool,
): i32 {
  const b = load<i32>(x, ABOVE);
  // The median of a, b and a + b - c (T.87 A.4.1): what lies between a and a + b - c, and nearest to b.
  const median = min(max(b, a + load<i32>(x, FALL)), a + load<i32>(x, RISE));
  // The tables lie in the order of the sign: so do the addresses in them.
  const sign = (<i32>third - <i32>GRADIENTS) >> 31;
  const correction = <i32>load<i8>(context, C);
  let predicted = median + ((correction ^ sign) - sign);
  if (<u32>predicted > load<u32>(MAXVAL)) predicted = predicted < 0 ? 0 : load<i32>(MAXVAL);
  const half = <i32>(symbol >> 1);
  // Errors of noise as in medical images hardly ever have the Golomb parameter 0: a branch that costs
  // nothing.
  let turn = -<i32>(symbol & 1);
  if (code == -1 && (exact || load<i32>(NEAR) == 0)) turn ^= inversion(context);
  if (exact) {
    // What the next sample waits for, by the shortest way: error ^ sign, on what is known without the symbol.
    const value = (predicted - sign + (half ^ (turn ^ sign))) & load<i32>(MAXVAL);
    store<i32>(x, value, CURRENT);
    learn(context, half - turn, half ^ turn, correction, SHORT_RESET, true);
    return value;
  } else {
    const scaled = (half ^ turn) * (2 * load<i32>(NEAR) + 1);
    let value = predicted + (scaled ^ sign) - sign;
    if (<u32>value > load<u32>(MAXVAL)) value = wrapped(value);
    store<i32>(x, value, CURRENT);
    learn(context, half - turn, scaled, correction, load<u32>(RESET), false);
    return value;
  }
}
