import { bitsAt, windowAt } from "./bits";
import { C, CODE, learn } from "./contexts";
import { decodeRun, wrapped } from "./run";
import * as scan from "./scan";
import { packRows } from "../codec/pack";

/** Zeros before the one of a code that is read from one window: with k up to 17, they take at most the 57 bits it has. */
const SHORT_ZEROS: u32 = 39;

/**
 * Decodes `lines` lines and packs each to `OUT` of the record at `s`. Returns 0, or 1 where a code is not allowed or the data ran out:
 * BIT says where. A line takes at most 64 bits a sample, so that much below the stream must be readable.
 */
export function decodeLines(s: usize, lines: u32): u32 {
  const columns = <u32>scan.field(s, scan.COLUMNS);
  const most = scan.field(s, scan.MAXVAL);
  const lossless = scan.field(s, scan.NEAR) == 0 && (most & (most + 1)) == 0;
  for (; lines > 0; lines--) {
    const above = <usize>load<u32>(s, scan.ABOVE);
    const current = <usize>load<u32>(s, scan.CURRENT);
    store<u16>(current - 2, load<u16>(above));
    store<u16>(above + (<usize>columns << 1), load<u16>(above + (<usize>columns << 1) - 2));
    if (!(lossless ? exactLine(s) : nearLine(s))) return 1;
    if (load<u32>(s, scan.BIT) > load<u32>(s, scan.LIMIT_BIT)) return 1;
    packLine(s, current, columns);
    store<u32>(s, <u32>current, scan.ABOVE);
    store<u32>(s, <u32>above, scan.CURRENT);
  }
  return 0;
}

function packLine(s: usize, line: usize, columns: u32): void {
  const out = <usize>load<u32>(s, scan.OUT);
  const pitch = <u32>scan.field(s, scan.PITCH);
  packRows(
    line, out, 1, columns, pitch, 0,
    scan.field(s, scan.RIGHT), scan.field(s, scan.MASK), scan.field(s, scan.SIGN),
    scan.field(s, scan.SLOPE), scan.field(s, scan.INTERCEPT), scan.field(s, scan.RANGE_OUT),
  );
  store<u32>(s, <u32>out + (pitch << 1), scan.OUT);
}

/** NEAR 0 and MAXVAL 2^n - 1: the modulo of the reconstruction is a mask. */
function exactLine(s: usize): bool {
  return decodeLine(s, true);
}

function nearLine(s: usize): bool {
  return decodeLine(s, false);
}

// @ts-ignore: decorator
@inline
function decodeLine(s: usize, exact: bool): bool {
  const top = <usize>load<u32>(s, scan.TOP);
  const most = scan.field(s, scan.MAXVAL);
  const contexts = <usize>load<u32>(s, scan.CONTEXTS);
  const gradients = <usize>load<u32>(s, scan.GRADIENTS);
  const gradientBytes = <usize>load<u32>(s, scan.GRADIENT_BYTES);
  const reset = load<u32>(s, scan.RESET);
  const near = scan.field(s, scan.NEAR);
  const step = 2 * near + 1;
  const qbpp = <u32>scan.field(s, scan.QBPP);
  const escape = <u32>scan.field(s, scan.LIMIT) - qbpp - 1;
  const short = min(escape, SHORT_ZEROS);
  const mostSymbol = (<u32>2 << qbpp) - 1;
  let p = <usize>load<u32>(s, scan.CURRENT);
  const above = <usize>load<u32>(s, scan.ABOVE) - p;
  const end = p + (<usize>scan.field(s, scan.COLUMNS) << 1);
  let bit = load<u32>(s, scan.BIT);

  let a = <i32>load<u16>(p - 2);
  let b = <i32>load<u16>(p + above);
  let c = <i32>load<u16>(p + above - 2);
  let q2 = <i32>load<i8>(gradients + (b - c));
  while (p < end) {
    const d = <i32>load<u16>(p + above, 2);
    const q1 = <i32>load<i8>(gradients + (d - b));
    const q = q1 * 81 + q2 * 9;
    const turn = q >> 31;
    const table = gradients + (q ? (gradientBytes & turn) : gradientBytes << 1);
    const offset = ((q ^ turn) - turn) + <i32>load<i8>(table + (c - a));
    if (offset == 0) {
      store<u32>(s, bit, scan.BIT);
      p = decodeRun(s, p, above, end);
      if (!p) return false;
      bit = load<u32>(s, scan.BIT);
      a = <i32>load<u16>(p - 2);
      b = <i32>load<u16>(p + above);
      c = <i32>load<u16>(p + above - 2);
      q2 = <i32>load<i8>(gradients + (b - c));
      continue;
    }
    // The first two gradients outweigh the third, unless both are 0.
    const sign = ((q << 18) + (c - a)) >> 31;
    const context = contexts + offset;
    const code = load<i32>(context, CODE);
    const correction = <i32>load<i16>(context, C);
    const window = windowAt(top, bit);
    const zeros = <u32>clz(window);
    const k = <u32>code & 63;
    let symbol: u32;
    if (zeros < short) {
      symbol = <u32>((window << zeros) >> (~(<u64>code) & 63)) + ((zeros - 1) << k);
      bit += zeros + 1 + k;
    } else {
      if (zeros > escape) return failAt(s, bit);
      const count = zeros < escape ? k : qbpp;
      const low = bitsAt(top, bit + zeros + 1, count);
      symbol = zeros < escape ? (zeros << k) | low : low + 1;
      bit += zeros + 1 + count;
    }
    if (symbol > mostSymbol) return failAt(s, bit);

    const lower = min(a, b);
    const upper = max(a, b);
    const median = max(lower, min(upper, a + b - c));
    let predicted = median + ((correction ^ sign) - sign);
    if (<u32>predicted > <u32>most) predicted = predicted < 0 ? 0 : most;
    const error = <i32>(symbol >> 1) ^ -<i32>(symbol & 1) ^ (code >> 8);
    if (exact) {
      a = (predicted + (error ^ sign) - sign) & most;
      learn(context, error, error, correction, reset, true);
    } else {
      const scaled = error * step;
      a = predicted + (scaled ^ sign) - sign;
      if (<u32>a > <u32>most) a = wrapped(s, a);
      learn(context, error, scaled, correction, reset, near == 0);
    }
    store<u16>(p, <u16>a);
    p += 2;
    c = b;
    b = d;
    q2 = q1;
  }
  store<u32>(s, bit, scan.BIT);
  return true;
}

function failAt(s: usize, bit: u32): bool {
  store<u32>(s, bit, scan.BIT);
  return false;
}
