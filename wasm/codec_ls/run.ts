import { bitsAt, windowAt } from "./bits";
import { A, B, CODE, CONTEXT_BYTES, N, REGULAR, golombParameter } from "./contexts";
import * as scan from "./scan";

/** T.87 table A.? J: 0 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 5 5 6 6 7 7 8 9 10 11 12 13 14 15. */
// @ts-ignore: decorator
@inline
function runOrder(index: u32): u32 {
  if (index < 16) return index >> 2;
  return index < 24 ? (index >> 1) - 4 : index - 16;
}

/**
 * Run mode from the sample at `p` on (T.87 A.7): the run, and the sample that interrupts it where the line (ending at `end`)
 * does not end first. `above` is the distance from a sample to the one above it. Returns where regular mode goes on, or 0
 * where a code is not allowed. Takes the bit and RUNindex from the record at `s` and leaves them there.
 */
export function decodeRun(s: usize, p: usize, above: usize, end: usize): usize {
  const top = <usize>load<u32>(s, scan.TOP);
  let bit = load<u32>(s, scan.BIT);
  let index = load<u32>(s, scan.RUN_INDEX);
  const value = load<u16>(p - 2);
  let left = <u32>(end - p) >> 1;
  let length: u32 = 0;
  while (bitsAt(top, bit, 1)) {
    bit++;
    const step = <u32>1 << runOrder(index);
    if (step >= left - length) {
      if (step == left - length && index < 31) index++;
      length = left;
      break;
    }
    length += step;
    if (index < 31) index++;
  }
  const order = runOrder(index);
  const interrupted = length < left;
  if (interrupted) {
    length += bitsAt(top, bit + 1, order);
    bit += 1 + order;
    if (length >= left) {
      store<u32>(s, bit, scan.BIT);
      return 0;
    }
  }
  fill(p, length, value);
  p += <usize>length << 1;
  store<u32>(s, bit, scan.BIT);
  if (!interrupted) {
    store<u32>(s, index, scan.RUN_INDEX);
    return p;
  }
  store<u32>(s, index ? index - 1 : 0, scan.RUN_INDEX);
  return interruption(s, p, above, <i32>value, order) ? p + 2 : 0;
}

/** Writes up to seven samples too many: later ones, or the slack behind the line. */
function fill(p: usize, count: u32, value: u16): void {
  const values = i16x8.splat(<i16>value);
  for (const end = p + (<usize>count << 1); p < end; p += 16) v128.store(p, values);
}

/** The sample after a run (T.87 A.7.2). */
function interruption(s: usize, p: usize, above: usize, left: i32, order: u32): bool {
  const near = scan.field(s, scan.NEAR);
  const up = <i32>load<u16>(p + above);
  const kind = <u32>(abs(left - up) <= near);
  const context = <usize>load<u32>(s, scan.CONTEXTS) + (REGULAR + kind) * CONTEXT_BYTES;
  let a = load<u32>(context, A);
  let n = <u32>load<u16>(context, N);
  let negatives = load<i32>(context, B);
  const k = golombParameter(kind ? a + (n >> 1) : a, n);
  const mapped = limitedSymbol(s, k, <u32>scan.field(s, scan.LIMIT) - order - 1);
  if (mapped < 0) return false;

  const doubled = <u32>mapped + kind;
  const odd = doubled & 1;
  const magnitude = <i32>((doubled + odd) >> 1);
  const negative = <u32>(k != 0 || 2 * negatives >= <i32>n) == odd;
  const error = negative ? -magnitude : magnitude;
  negatives += <i32>(error < 0);
  a += (<u32>mapped + 1 - kind) >> 1;
  if (n == <u32>scan.field(s, scan.RESET)) {
    a >>= 1;
    n >>= 1;
    negatives >>= 1;
  }
  store<u32>(context, a, A);
  store<u16>(context, <u16>(n + 1), N);
  store<i32>(context, negatives, B);

  const scaled = error * (2 * near + 1);
  const value = kind ? left + scaled : left > up ? up - scaled : up + scaled;
  store<u16>(p, <u16>wrapped(s, value));
  return true;
}

/** A symbol of the Golomb code whose length is limited to `limit` (T.87 A.5.3), or -1 where it is none. Passes it in the record. */
function limitedSymbol(s: usize, k: u32, limit: u32): i32 {
  const top = <usize>load<u32>(s, scan.TOP);
  const bit = load<u32>(s, scan.BIT);
  const qbpp = <u32>scan.field(s, scan.QBPP);
  const zeros = <u32>clz(windowAt(top, bit));
  const escape = limit - qbpp - 1;
  if (zeros > escape || k > 31) return -1;
  const count = zeros < escape ? k : qbpp;
  store<u32>(s, bit + zeros + 1 + count, scan.BIT);
  const low = bitsAt(top, bit + zeros + 1, count);
  const symbol = zeros < escape ? (zeros << k) | low : low + 1;
  return symbol >> (qbpp + 1) ? -1 : <i32>symbol;
}

/** Modulo RANGE, then within 0..MAXVAL (T.87 A.4.5, decoder). */
export function wrapped(s: usize, value: i32): i32 {
  const near = scan.field(s, scan.NEAR);
  const most = scan.field(s, scan.MAXVAL);
  const span = scan.field(s, scan.RANGE) * (2 * near + 1);
  if (value < -near) value += span;
  else if (value > most + near) value -= span;
  return max(min(value, most), 0);
}
