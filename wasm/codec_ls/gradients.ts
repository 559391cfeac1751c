import { CONTEXT_BYTES } from "./contexts";
import {
  ABOVE, COLUMNS, CONTEXTS, CURRENT, FIRST, GRADIENTS, GRADIENT_STRIDE, MAXVAL, NEAR, T1, T2, T3, THIRD,
} from "./layout";

/**
 * Quantized gradients (T.87 A.3.3) times the bytes of a context, i8, for differences of -MAXVAL to MAXVAL, in three tables:
 * negated, absolute, as they are. Which one holds for the third gradient of a sample follows from the sign of the first two
 * together; added to their magnitude it gives the context of T.87 A.3.4 without a step for the sign.
 */
export function buildGradients(): void {
  const most = load<i32>(MAXVAL);
  const near = load<i32>(NEAR);
  const t1 = load<i32>(T1);
  const t2 = load<i32>(T2);
  const t3 = load<i32>(T3);
  for (let d = 0; d <= most; d++) {
    const level = <i32>(d > near) + <i32>(d >= t1) + <i32>(d >= t2) + <i32>(d >= t3);
    const q = level * <i32>CONTEXT_BYTES;
    const up = GRADIENTS + d;
    const down = GRADIENTS - d;
    store<i8>(up - GRADIENT_STRIDE, -q);
    store<i8>(down - GRADIENT_STRIDE, q);
    store<i8>(up, q);
    store<i8>(down, q);
    store<i8>(up + GRADIENT_STRIDE, q);
    store<i8>(down + GRADIENT_STRIDE, -q);
  }
}

/** -4 to 4 of four differences. */
// @ts-ignore: decorator
@inline
function quantized(d: v128, near: v128, t1: v128, t2: v128, t3: v128): v128 {
  const size = i32x4.abs(d);
  const below = i32x4.add(
    i32x4.add(i32x4.gt_s(size, near), i32x4.ge_s(size, t1)),
    i32x4.add(i32x4.ge_s(size, t2), i32x4.ge_s(size, t3)),
  );
  // `below` counts downwards: it has the sign of a negative difference.
  const sign = i32x4.shr_s(d, 31);
  return v128.xor(i32x4.sub(i32x4.splat(0), v128.xor(below, sign)), v128.and(sign, i32x4.splat(0)));
}
