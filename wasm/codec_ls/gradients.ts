import { CONTEXT_BYTES } from "./contexts";

/**
 * Quantized gradients (T.87 A.3.3) times the bytes of a context, i8, for the differences -most..most, in three tables
 * of `2 * most + 1` bytes: as they are, negated, and absolute. Which one holds for the third gradient of a sample follows from the sign of
 * the first two, so that adding it to their magnitude gives the context of T.87 A.3.4 without a step for the sign.
 */
export function buildGradients(tables: usize, most: i32, near: i32, t1: i32, t2: i32, t3: i32): void {
  const plain = tables + most;
  const bytes: usize = <usize>(2 * most + 1);
  for (let d = 0; d <= most; d++) {
    const level = <i32>(d > near) + <i32>(d >= t1) + <i32>(d >= t2) + <i32>(d >= t3);
    const q = level * <i32>CONTEXT_BYTES;
    store<i8>(plain + d, q);
    store<i8>(plain - d, -q);
    store<i8>(plain + bytes + d, -q);
    store<i8>(plain + bytes - d, q);
    store<i8>(plain + 2 * bytes + d, q);
    store<i8>(plain + 2 * bytes - d, q);
  }
}
