import { CONTEXT_BYTES } from "./contexts";
import {
  ABOVE, COLUMNS, CONTEXTS, CURRENT, FALL, FIRST, GRADIENTS, GRADIENT_STRIDE, MAXVAL, NEAR, RISE, T1, T2, T3, THIRD,
} from "./layout";

/**
 * Quantized gradients (T.87 A.3.3) times the bytes of a context, i8, for differences of -MAXVAL to MAXVAL, in
 * three tables: negated, absolute, as they are. Which one holds for the third gradient of a sample follows
 * from the sign of the first two together; added to their magnitude it gives the context of T.87 A.3.4
 * without a step for the sign.
 */
export function build_gradients(): void {
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
  // A true lane is -1, so `below` has the sign of a negative difference.
  const turn = i32x4.ge_s(d, i32x4.splat(0));
  return i32x4.sub(v128.xor(below, turn), turn);
}

/**
 * Makes the line just decoded the one above, and prepares for each sample of the next one what follows from
 * it alone.
 */
export function pass_line(): void {
  const near = i32x4.splat(load<i32>(NEAR));
  const t1 = i32x4.splat(load<i32>(T1));
  const t2 = i32x4.splat(load<i32>(T2));
  const t3 = i32x4.splat(load<i32>(T3));
  const bytes = <usize>load<u32>(COLUMNS) << 2;
  store<i32>(bytes, load<i32>(bytes - 4, CURRENT), CURRENT);
  let before = quantized(i32x4.splat(load<i32>(CURRENT) - load<i32>(CURRENT - 4)), near, t1, t2, t3);
  for (let x: usize = 0; x < bytes; x += 16) {
    const b = v128.load(x, CURRENT);
    const c = v128.load(x, CURRENT - 4);
    const slope = i32x4.sub(b, c);
    v128.store(x, i32x4.min_s(slope, i32x4.splat(0)), FALL);
    v128.store(x, i32x4.max_s(slope, i32x4.splat(0)), RISE);
    const q1 = quantized(i32x4.sub(v128.load(x, CURRENT + 4), b), near, t1, t2, t3);
    const q2 = v128.shuffle<u32>(before, q1, 3, 4, 5, 6);
    before = q1;
    const nine = i32x4.add(i32x4.add(i32x4.shl(q1, 3), q1), q2);
    const q = i32x4.add(i32x4.shl(nine, 3), nine);
    const sign = i32x4.max_s(i32x4.min_s(q, i32x4.splat(1)), i32x4.splat(-1));
    const table = i32x4.add(i32x4.shl(sign, 17), i32x4.splat(<i32>GRADIENTS));
    v128.store(x, b, ABOVE);
    v128.store(x, i32x4.add(c, table), THIRD);
    const offset = i32x4.shl(i32x4.abs(q), 4);
    v128.store(x, i32x4.add(offset, i32x4.splat(<i32>CONTEXTS)), FIRST);
  }
}
