import { bitsAt, windowAt } from "./bits";
import { C, K, TURN, learn, resetContexts } from "./contexts";
import { passLine } from "./gradients";
import {
  ABOVE, COLUMNS, CONTEXTS, CURRENT, FIRST, GRADIENTS, INTERCEPT, LAST_POSITION, LIMIT, MASK, MAXVAL, MOST_SYMBOL, NARROW,
  NEAR, OUT, PITCH, POSITION, QBPP, RESET, RIGHT, RUN_INDEX, SHORT_ZEROS, SIGN, SLOPE, THIRD, VALUE_RANGE,
} from "./layout";
import { FAILED, decodeRun, wrapped } from "./run";
import { packRows } from "../codec/pack";

/** Zeros before the one of a code that is read from one window: with k up to 17, they take at most the 57 bits it has. */
const MOST_SHORT_ZEROS: u32 = 39;
/** Up to here the counters of a context keep within what `shortGolombParameter` takes. */
const SHORT_RESET: u32 = 64;

/**
 * Decodes a restart interval of `lines` lines, each packed to OUT. Returns 0, or 1 where a code is not allowed or the data ran
 * out: POSITION says where. A line takes at most 64 bits a sample, so that much below the stream must be readable.
 */
export function decodeInterval(lines: u32): u32 {
  const columns = load<u32>(COLUMNS);
  const most = load<u32>(MAXVAL);
  const qbpp = load<u32>(QBPP);
  const exact = load<u32>(NEAR) == 0 && (most & (most + 1)) == 0 && load<u32>(RESET) <= SHORT_RESET;
  store<u32>(SHORT_ZEROS, min(load<u32>(LIMIT) - qbpp - 1, MOST_SHORT_ZEROS));
  store<u32>(MOST_SYMBOL, (<u32>2 << qbpp) - 1);
  store<u32>(RUN_INDEX, 0);
  resetContexts();
  memory.fill(CURRENT - 4, 0, (<usize>columns + 2) << 2);
  for (; lines > 0; lines--) {
    passLine();
    store<i32>(CURRENT - 4, load<i32>(ABOVE));
    if (!(exact ? decodeExactLine() : decodeNearLine())) return 1;
    if (load<u32>(POSITION) < load<u32>(LAST_POSITION)) return 1;
    packLine(columns);
  }
  return 0;
}

function packLine(columns: u32): void {
  const bytes = <usize>columns << 2;
  for (let x: usize = 0; x < bytes; x += 32) {
    v128.store(x >> 1, i16x8.narrow_i32x4_u(v128.load(x, CURRENT), v128.load(x, CURRENT + 16)), NARROW);
  }
  const out = <usize>load<u32>(OUT);
  const pitch = load<u32>(PITCH);
  packRows(
    NARROW, out, 1, columns, pitch, 0, load<u32>(RIGHT), load<u32>(MASK), load<u32>(SIGN),
    load<i32>(SLOPE), load<i32>(INTERCEPT), VALUE_RANGE,
  );
  store<u32>(OUT, <u32>out + (pitch << 1));
}

/** NEAR 0 and MAXVAL 2^n - 1: the modulo of the reconstruction is a mask. */
function decodeExactLine(): bool {
  return decodeLine(true);
}

function decodeNearLine(): bool {
  return decodeLine(false);
}

// @ts-ignore: decorator
@inline
function decodeLine(exact: bool): bool {
  const end = <usize>load<u32>(COLUMNS) << 2;
  let x: usize = 0;
  while (true) {
    x = decodeRegular(x, end, exact);
    if (x == end) return true;
    if (x == FAILED) return false;
    x = decodeRun(x, end);
    if (x == FAILED) return false;
    if (x == end) return true;
  }
}

/** Regular mode from sample `x` (in bytes) of the line on, to where run mode begins or to `end`. Returns where it stopped, or FAILED. */
// @ts-ignore: decorator
@inline
function decodeRegular(from: usize, end: usize, exact: bool): usize {
  let x = from;
  let position = load<u32>(POSITION);
  let a = load<i32>(x, CURRENT - 4);
  do {
    const third = load<i32>(x, THIRD) - a;
    const context: usize = load<u32>(x, FIRST) + <i32>load<i8>(third);
    if (context == CONTEXTS) break;
    const window = windowAt(position);
    const zeros = <u32>clz(window);
    const code = <u32>load<i8>(context, K);
    let symbol: u32;
    if (zeros < load<u32>(SHORT_ZEROS)) {
      const unread = code - zeros;
      symbol = <u32>(window >> (<u64>unread & 63)) + ((zeros - 1) << ~code);
      position += unread;
    } else {
      const qbpp = load<u32>(QBPP);
      const escape = load<u32>(LIMIT) - qbpp - 1;
      if (zeros > escape) return failAt(position);
      const count = zeros < escape ? ~code : qbpp;
      const low = bitsAt(position - zeros - 1, count);
      symbol = zeros < escape ? (zeros << count) | low : low + 1;
      position -= zeros + 1 + count;
    }
    if (symbol > load<u32>(MOST_SYMBOL)) return failAt(position);

    const b = load<i32>(x, ABOVE);
    const plane = a + b - load<i32>(x, ABOVE - 4);
    const median = max(min(a, b), min(max(a, b), plane));
    // The tables lie in the order of the sign: so do the addresses in them.
    const sign = (third - <i32>GRADIENTS) >> 31;
    const correction = <i32>load<i8>(context, C);
    let predicted = median + ((correction ^ sign) - sign);
    if (<u32>predicted > load<u32>(MAXVAL)) predicted = predicted < 0 ? 0 : load<i32>(MAXVAL);
    const half = <i32>(symbol >> 1);
    const odd = -<i32>(symbol & 1);
    const flip = <i32>load<i8>(context, TURN);
    const turn = odd ^ flip;
    if (exact) {
      // What the next sample waits for, by the shortest way: error ^ sign, on what is known without the symbol.
      a = (predicted - sign + (half ^ (odd ^ (flip ^ sign)))) & load<i32>(MAXVAL);
      store<i32>(x, a, CURRENT);
      learn(context, half - turn, half ^ turn, correction, load<u32>(RESET), true);
    } else {
      const scaled = (half ^ turn) * (2 * load<i32>(NEAR) + 1);
      a = predicted + (scaled ^ sign) - sign;
      if (<u32>a > load<u32>(MAXVAL)) a = wrapped(a);
      store<i32>(x, a, CURRENT);
      learn(context, half - turn, scaled, correction, load<u32>(RESET), false);
    }
    x += 4;
  } while (x < end);
  store<u32>(POSITION, position);
  return x;
}

function failAt(position: u32): usize {
  store<u32>(POSITION, position);
  return FAILED;
}
