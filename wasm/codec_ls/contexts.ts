// The contexts of T.87 A.2.1 and A.8, 16 bytes each: 365 of regular mode (number 0 is run mode's and unused), then the two of run
// interruption. The Golomb parameter is kept beside the counters it follows from: computed after a symbol, it is
// there when the next one of its context starts.

export const CONTEXT_BYTES: usize = 16;
export const REGULAR: usize = 365;

/** Sum of error magnitudes, u32. */
export const A: usize = 0;
/** Bias, i32; of the run interruption contexts the count of negative errors, Nn. */
export const B: usize = 4;
/** Prediction correction, i16. */
export const C: usize = 8;
/** Occurrences, u16. */
export const N: usize = 10;
/** Golomb parameter in the low six bits, and -1 in the bits from 8 on where T.87 A.5.2 inverts the error; i32. */
export const CODE: usize = 12;

/** All contexts to their state at the start of a scan and of a restart interval (T.87 A.2.1). */
export function resetContexts(contexts: usize, range: u32, near: u32): void {
  const a = max<u32>(2, (range + 32) >> 6);
  const end = contexts + (REGULAR + 2) * CONTEXT_BYTES;
  for (let context = contexts; context < end; context += CONTEXT_BYTES) {
    store<u32>(context, a, A);
    store<i32>(context, 0, B);
    store<i16>(context, 0, C);
    store<u16>(context, 1, N);
    store<i32>(context, golombParameter(a, 1), CODE);
  }
}

/** The smallest k with n << k >= a (T.87 A.5.1). */
// @ts-ignore: decorator
@inline
export function golombParameter(a: u32, n: u32): u32 {
  const k = <u32>max<i32>(<i32>clz(n) - <i32>clz(a), 0);
  return k + <u32>(n << k < a);
}

/**
 * Learns the error of a regular sample (T.87 A.6.1, A.6.2, and A.5.1 for the next one). `scaled` is the error times 2 NEAR + 1.
 * Without branches but for the rare halving: which way the bias goes is as good as random.
 */
// @ts-ignore: decorator
@inline
export function learn(
  context: usize, error: i32, scaled: i32, c: i32, reset: u32, invertible: bool,
): void {
  let a = load<u32>(context, A) + <u32>abs(error);
  let b = load<i32>(context, B) + scaled;
  let n = <i32>load<u16>(context, N);
  if (<u32>n == reset) {
    a >>= 1;
    b >>= 1;
    n >>= 1;
  }
  n++;
  const low = <i32>(b + n <= 0);
  const high = <i32>(b > 0);
  b = min<i32>(max<i32>(b + (n & -low) - (n & -high), 1 - n), 0);
  c = min<i32>(max<i32>(c + high - low, -128), 127);
  const k = golombParameter(a, n);
  let code = <i32>k;
  if (invertible) code |= -<i32>(k == 0 && 2 * b <= -n) << 8;
  store<u32>(context, a, A);
  store<i32>(context, b, B);
  store<i16>(context, <i16>c, C);
  store<u16>(context, <u16>n, N);
  store<i32>(context, code, CODE);
}
