/**
 * The cubic B-spline's prefilter (Unser, Aldroubi and Eden 1993) along lines that lie side by side: sample k
 * of all lines is a row, and each row is made from the one before it. Mirrored at both ends.
 */

const POLE: f32 = -0.2679491924311227;
const LAST_FACTOR: f32 = POLE / (POLE * POLE - 1);
const HORIZON: u32 = 20;

/** `count` rows of `lines` floats, `stride` bytes apart. */
export function prefilter_columns(start: usize, count: u32, stride: usize, lines: u32): void {
  const bytes: usize = lines << 2;
  for (let x: usize = 0; x < bytes; ) {
    // A cache line's worth of columns at a time; the last few one by one.
    if (x + 64 <= bytes) {
      columns16(start + x, count, stride);
      x += 64;
    } else if (x + 16 <= bytes) {
      columns4(start + x, count, stride);
      x += 16;
    } else {
      column1(start + x, count, stride);
      x += 4;
    }
  }
}

/** The start of the causal recursion: a sum over the first samples, mirrored where the line is shorter. */
// @ts-ignore: decorator
@inline
function begin4(start: usize, count: u32, stride: usize): v128 {
  const period = 2 * count - 2;
  let sum = f32x4.splat(0);
  let power: f32 = 6;
  for (let k: u32 = 0; k < HORIZON; k++) {
    const there = k % period;
    const at = start + <usize>min(there, period - there) * stride;
    sum = f32x4.add(sum, f32x4.mul(f32x4.splat(power), v128.load(at)));
    power *= POLE;
  }
  return sum;
}

function columns4(start: usize, count: u32, stride: usize): void {
  const p = f32x4.splat(POLE);
  const six = f32x4.splat(6);
  let causal = begin4(start, count, stride);
  let before = causal;
  v128.store(start, causal);
  let at = start;
  for (let k: u32 = 1; k < count; k++) {
    at += stride;
    before = causal;
    causal = f32x4.add(f32x4.mul(six, v128.load(at)), f32x4.mul(p, causal));
    v128.store(at, causal);
  }
  let c = f32x4.mul(f32x4.splat(LAST_FACTOR), f32x4.add(causal, f32x4.mul(p, before)));
  v128.store(at, c);
  for (let k: u32 = 1; k < count; k++) {
    at -= stride;
    c = f32x4.mul(p, f32x4.sub(c, v128.load(at)));
    v128.store(at, c);
  }
}

function columns16(start: usize, count: u32, stride: usize): void {
  const p = f32x4.splat(POLE);
  const six = f32x4.splat(6);
  let a = begin4(start, count, stride);
  let b = begin4(start + 16, count, stride);
  let c = begin4(start + 32, count, stride);
  let d = begin4(start + 48, count, stride);
  v128.store(start, a);
  v128.store(start, b, 16);
  v128.store(start, c, 32);
  v128.store(start, d, 48);
  let at = start;
  for (let k: u32 = 1; k < count; k++) {
    at += stride;
    a = f32x4.add(f32x4.mul(six, v128.load(at)), f32x4.mul(p, a));
    b = f32x4.add(f32x4.mul(six, v128.load(at, 16)), f32x4.mul(p, b));
    c = f32x4.add(f32x4.mul(six, v128.load(at, 32)), f32x4.mul(p, c));
    d = f32x4.add(f32x4.mul(six, v128.load(at, 48)), f32x4.mul(p, d));
    v128.store(at, a);
    v128.store(at, b, 16);
    v128.store(at, c, 32);
    v128.store(at, d, 48);
  }
  const f = f32x4.splat(LAST_FACTOR);
  const before = at - stride;
  a = f32x4.mul(f, f32x4.add(a, f32x4.mul(p, v128.load(before))));
  b = f32x4.mul(f, f32x4.add(b, f32x4.mul(p, v128.load(before, 16))));
  c = f32x4.mul(f, f32x4.add(c, f32x4.mul(p, v128.load(before, 32))));
  d = f32x4.mul(f, f32x4.add(d, f32x4.mul(p, v128.load(before, 48))));
  v128.store(at, a);
  v128.store(at, b, 16);
  v128.store(at, c, 32);
  v128.store(at, d, 48);
  for (let k: u32 = 1; k < count; k++) {
    at -= stride;
    a = f32x4.mul(p, f32x4.sub(a, v128.load(at)));
    b = f32x4.mul(p, f32x4.sub(b, v128.load(at, 16)));
    c = f32x4.mul(p, f32x4.sub(c, v128.load(at, 32)));
    d = f32x4.mul(p, f32x4.sub(d, v128.load(at, 48)));
    v128.store(at, a);
    v128.store(at, b, 16);
    v128.store(at, c, 32);
    v128.store(at, d, 48);
  }
}

/** One line, of samples `stride` bytes apart. */
export function column1(start: usize, count: u32, stride: usize): void {
  const period = 2 * count - 2;
  let causal: f32 = 0;
  let power: f32 = 6;
  for (let k: u32 = 0; k < HORIZON; k++) {
    const there = k % period;
    causal += power * load<f32>(start + <usize>min(there, period - there) * stride);
    power *= POLE;
  }
  store<f32>(start, causal);
  let before: f32 = 0;
  let at = start;
  for (let k: u32 = 1; k < count; k++) {
    at += stride;
    before = causal;
    causal = 6 * load<f32>(at) + POLE * causal;
    store<f32>(at, causal);
  }
  let c: f32 = LAST_FACTOR * (causal + POLE * before);
  store<f32>(at, c);
  for (let k: u32 = 1; k < count; k++) {
    at -= stride;
    c = POLE * (c - load<f32>(at));
    store<f32>(at, c);
  }
}
