import { column1 } from "./spline_columns";

/**
 * The cubic B-spline's prefilter along rows: eight rows at a time, their samples turned into lanes four by
 * four, since a recursion has no other vectors. Two chains of four rows hide each other's latency.
 */

const POLE: f32 = -0.2679491924311227;
const LAST_FACTOR: f32 = POLE / (POLE * POLE - 1);
const HORIZON: u32 = 20;

/** `lines` rows of `count` floats, `row` bytes apart. */
export function prefilter_rows(start: usize, count: u32, lines: u32, row: usize): void {
  let line: u32 = 0;
  if (count >= HORIZON) {
    for (; line + 8 <= lines; line += 8) rows8(start + <usize>line * row, count, row);
  }
  for (; line < lines; line++) column1(start + <usize>line * row, count, 4);
}

/** Sample k of four rows. */
// @ts-ignore: decorator
@inline
function gather4(at: usize, row: usize): v128 {
  let four = v128.load32_zero(at);
  four = v128.load32_lane(at + row, four, 1);
  four = v128.load32_lane(at + 2 * row, four, 2);
  return v128.load32_lane(at + 3 * row, four, 3);
}

// @ts-ignore: decorator
@inline
function scatter4(at: usize, row: usize, four: v128): void {
  v128.store32_lane(at, four, 0);
  v128.store32_lane(at + row, four, 1);
  v128.store32_lane(at + 2 * row, four, 2);
  v128.store32_lane(at + 3 * row, four, 3);
}

function begin4(start: usize, row: usize): v128 {
  let sum = f32x4.splat(0);
  let power: f32 = 6;
  for (let k: usize = 0; k < <usize>HORIZON; k++) {
    sum = f32x4.add(sum, f32x4.mul(f32x4.splat(power), gather4(start + (k << 2), row)));
    power *= POLE;
  }
  return sum;
}

function rows8(start: usize, count: u32, row: usize): void {
  const p = f32x4.splat(POLE);
  const six = f32x4.splat(6);
  const other = 4 * row;
  let a = begin4(start, row);
  let b = begin4(start + other, row);
  let before_a = a;
  let before_b = b;
  scatter4(start, row, a);
  scatter4(start + other, row, b);
  const end = start + (count << 2);
  let at = start + 4;
  for (; at < end; at += 4) {
    before_a = a;
    before_b = b;
    a = f32x4.add(f32x4.mul(six, gather4(at, row)), f32x4.mul(p, a));
    b = f32x4.add(f32x4.mul(six, gather4(at + other, row)), f32x4.mul(p, b));
    scatter4(at, row, a);
    scatter4(at + other, row, b);
  }
  at -= 4;
  a = f32x4.mul(f32x4.splat(LAST_FACTOR), f32x4.add(a, f32x4.mul(p, before_a)));
  b = f32x4.mul(f32x4.splat(LAST_FACTOR), f32x4.add(b, f32x4.mul(p, before_b)));
  scatter4(at, row, a);
  scatter4(at + other, row, b);
  for (; at > start; ) {
    at -= 4;
    a = f32x4.mul(p, f32x4.sub(a, gather4(at, row)));
    b = f32x4.mul(p, f32x4.sub(b, gather4(at + other, row)));
    scatter4(at, row, a);
    scatter4(at + other, row, b);
  }
}
