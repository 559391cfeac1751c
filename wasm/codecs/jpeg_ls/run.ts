import { bits_at, window_at } from "./bits";
import { A, B, CONTEXT_BYTES, N, REGULAR, golomb_parameter } from "./contexts";
import {
  ABOVE, CONTEXTS, CURRENT, LIMIT, MAXVAL, NEAR, POSITION, QBPP, RANGE, RESET, RUN_INDEX,
} from "./layout";

/** J of T.87 A.2.1: 0 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 5 5 6 6 7 7 8 9 10 11 12 13 14 15. */
// @ts-ignore: decorator
@inline
function run_order(index: u32): u32 {
  if (index < 16) return index >> 2;
  return index < 24 ? (index >> 1) - 4 : index - 16;
}

/** In place of a sample of a line: a code that is not allowed. */
export const FAILED: usize = usize.MAX_VALUE;

/**
 * Run mode from sample `x` (in bytes) of the line on (T.87 A.7): the run, and the sample that interrupts it
 * where the line, of `end` bytes, does not end first. Returns where regular mode goes on, or FAILED.
 */
export function decode_run(x: usize, end: usize): usize {
  let position = load<u32>(POSITION);
  let index = load<u32>(RUN_INDEX);
  const left = <u32>(end - x) >> 2;
  let length: u32 = 0;
  while (bits_at(position, 1)) {
    position--;
    const step = <u32>1 << run_order(index);
    if (step > left - length) {
      length = left;
      break;
    }
    length += step;
    if (index < 31) index++;
    if (length == left) break;
  }
  const order = run_order(index);
  const interrupted = length < left;
  if (interrupted) {
    length += bits_at(position - 1, order);
    position -= 1 + order;
  }
  store<u32>(POSITION, position);
  if (interrupted && length >= left) return FAILED;
  fill(x, length, load<i32>(x, CURRENT - 4));
  x += <usize>length << 2;
  store<u32>(RUN_INDEX, index - <u32>(interrupted && index > 0));
  if (!interrupted) return x;
  return decode_interruption(x, order) ? x + 4 : FAILED;
}

/** Writes up to three samples too many: later ones, or the slack behind the line. */
function fill(x: usize, count: u32, value: i32): void {
  const values = i32x4.splat(value);
  for (const end = x + (<usize>count << 2); x < end; x += 16) v128.store(x, values, CURRENT);
}

/** The sample after a run (T.87 A.7.2). */
function decode_interruption(x: usize, order: u32): bool {
  const left = load<i32>(x, CURRENT - 4);
  const up = load<i32>(x, ABOVE);
  const near = load<i32>(NEAR);
  const kind = <u32>(abs(left - up) <= near);
  const context = CONTEXTS + (REGULAR + kind) * CONTEXT_BYTES;
  const a = load<u32>(context, A);
  const n = <u32>load<u16>(context, N);
  const negatives = load<u32>(context, B);
  const k = golomb_parameter(kind ? a + (n >> 1) : a, n);
  const symbol = limited_symbol(k, load<u32>(LIMIT) - order - 1);
  if (symbol < 0) return false;

  const doubled = <u32>symbol + kind;
  const odd = doubled & 1;
  const magnitude = <i32>((doubled + odd) >> 1);
  const negative = <u32>(k != 0 || (negatives << 1) >= n) == odd;
  const error = negative ? -magnitude : magnitude;
  learn_interruption(context, (<u32>symbol + 1 - kind) >> 1, error < 0);

  const scaled = error * (2 * near + 1);
  const value = kind ? left + scaled : left > up ? up - scaled : up + scaled;
  store<i32>(x, wrapped(value), CURRENT);
  return true;
}

function learn_interruption(context: usize, magnitude: u32, negative: bool): void {
  let a = load<u32>(context, A) + magnitude;
  let n = <u32>load<u16>(context, N);
  let negatives = load<u32>(context, B) + <u32>negative;
  if (n == load<u32>(RESET)) {
    a >>= 1;
    n >>= 1;
    negatives >>= 1;
  }
  store<u32>(context, a, A);
  store<u16>(context, <u16>(n + 1), N);
  store<u32>(context, negatives, B);
}

/**
 * Passes and returns a symbol of the Golomb code whose length is limited to `limit` (T.87 A.5.3), or -1 where
 * it is none.
 */
export function limited_symbol(k: u32, limit: u32): i32 {
  const position = load<u32>(POSITION);
  const qbpp = load<u32>(QBPP);
  const zeros = <u32>clz(window_at(position));
  const escape = limit - qbpp - 1;
  if (zeros > escape || k > 31) return -1;
  const count = zeros < escape ? k : qbpp;
  const low = bits_at(position - zeros - 1, count);
  const symbol = zeros < escape ? (zeros << k) | low : low + 1;
  store<u32>(POSITION, position - zeros - 1 - count);
  return symbol >> (qbpp + 1) ? -1 : <i32>symbol;
}

/** Modulo RANGE, then within 0..MAXVAL (T.87 A.4.5, decoder). */
// @ts-ignore: decorator
@inline
export function wrapped(value: i32): i32 {
  const near = load<i32>(NEAR);
  const most = load<i32>(MAXVAL);
  const span = load<i32>(RANGE) * (2 * near + 1);
  if (value < -near) value += span;
  else if (value > most + near) value -= span;
  return max(min(value, most), 0);
}
