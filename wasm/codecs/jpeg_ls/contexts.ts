import { CONTEXTS, RANGE, RECIPROCALS } from "./layout";

// The contexts of T.87 A.2.1 and A.8: 365 of regular mode (number 0 is run mode's and unused), then the two
// of run interruption. What the next symbol of a context needs of its counters is made from them when they
// change, not when it is needed: there the decoder would have to wait for it.

export const CONTEXT_BYTES: usize = 16;
export const REGULAR: usize = 365;

/** Sum of error magnitudes, u32. */
export const A: usize = 0;
/** Bias, i32; of the run interruption contexts the count of negative errors, Nn. */
export const B: usize = 4;
/** Prediction correction, i8. */
export const C: usize = 8;
/** The complement of the Golomb parameter, i8. */
export const CODE: usize = 9;
/** Occurrences, u16. */
export const N: usize = 10;

/** All contexts to their state at the start of a scan and of a restart interval (T.87 A.2.1). */
export function reset_contexts(): void {
  const a = max<u32>(2, (load<u32>(RANGE) + 32) >> 6);
  const end = CONTEXTS + (REGULAR + 2) * CONTEXT_BYTES;
  for (let context = CONTEXTS; context < end; context += CONTEXT_BYTES) {
    store<u32>(context, a, A);
    store<i32>(context, 0, B);
    store<i8>(context, 0, C);
    store<i8>(context, <i8>~golomb_parameter(a, 1), CODE);
    store<u16>(context, 1, N);
  }
}

export function build_reciprocals(): void {
  for (let n: u32 = 2; n <= 64; n++) {
    store<u32>(RECIPROCALS + (<usize>n << 2), <u32>(((<u64>1 << 32) - 1) / n));
  }
}

/** The smallest k with n << k >= a (T.87 A.5.1). */
// @ts-ignore: decorator
@inline
export function golomb_parameter(a: u32, n: u32): u32 {
  const k = <u32>max<i32>(<i32>clz(n) - <i32>clz(a), 0);
  return k + <u32>(n << k < a);
}

/**
 * Its complement for n from 2 to 64 and a * n up to 2^32: the bits of ceil(a / n) - 1, which is floor(a * r /
 * 2^32) with an r below 2^32 / n by at most 1. That makes a multiple of n fall just short of its quotient,
 * and no other number as much as 1 / n.
 */
// @ts-ignore: decorator
@inline
function short_golomb_code(a: u32, n: u32): i32 {
  const product = <u64>a * <u64>load<u32>(<usize>n << 2, RECIPROCALS);
  return <i32>clz(<u32>(product >> 32)) - 33;
}

/** -1 where the errors of a context with Golomb parameter 0 are inverted (T.87 A.5.2), else 0. */
// @ts-ignore: decorator
@inline
export function inversion(context: usize): i32 {
  return (2 * load<i32>(context, B) + <i32>load<u16>(context, N) - 1) >> 31;
}

/**
 * Learns the error of a regular sample (T.87 A.6.1, A.6.2, and A.5.1 for the next one): its magnitude, and
 * `scaled`, times 2 NEAR + 1. Without branches but for what is rare: which way the bias goes is as good as
 * random.
 */
// @ts-ignore: decorator
@inline
export function learn(
  context: usize, magnitude: u32, scaled: i32, c: i32, reset: u32, exact: bool,
): void {
  let a = load<u32>(context, A) + magnitude;
  let b = load<i32>(context, B) + scaled;
  let n = <i32>load<u16>(context, N);
  if (<u32>n == reset) {
    a >>= 1;
    b >>= 1;
    n >>= 1;
  }
  n++;
  // -1 where the bias is at most -n, 1 where it is above 0.
  const step = ((b + n - 1) >> 31) - (-b >> 31);
  c += step;
  if (<u32>(c + 128) > 255) c = c < 0 ? -128 : 127;
  b = min<i32>(max<i32>(b - n * step, 1 - n), 0);
  const code = exact ? short_golomb_code(a, n) : <i32>~golomb_parameter(a, n);
  store<u32>(context, a, A);
  store<i32>(context, b, B);
  store<i8>(context, <i8>c, C);
  store<i8>(context, <i8>code, CODE);
  store<u16>(context, <u16>n, N);
}
