// A plain JPEG-LS encoder (ITU-T T.87 Annex A read literally, one component): for the parameters that CharLS
// does not take.

/** All as in T.87; what is left out is the default. */
export interface JpegLsEncodeOptions {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly near?: number;
  readonly maxval?: number;
  readonly thresholds?: readonly [number, number, number];
  readonly reset?: number;
  /** Lines between restart markers. */
  readonly restartLines?: number;
  /** Leaves the number of lines to a DNL marker. */
  readonly dnl?: boolean;
}

interface Coding {
  readonly columns: number;
  readonly near: number;
  readonly maxval: number;
  readonly thresholds: readonly number[];
  readonly reset: number;
  readonly range: number;
  readonly qbpp: number;
  readonly limit: number;
}

/** J of T.87 A.2.1. */
const RUN_ORDERS = [
  0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/** Samples of 0 to MAXVAL, row by row, to a code stream. */
export function encodeJpegLs(samples: ArrayLike<number>, options: JpegLsEncodeOptions): Uint8Array {
  const { rows, columns, precision, dnl } = options;
  const coding = codingOf(options);
  const out = [0xff, 0xd8];
  segment(out, 0xf7, [precision, ...u16(dnl ? 0 : rows), ...u16(columns), 1, 1, 0x11, 0]);
  if (options.maxval || options.thresholds || options.reset) {
    const preset = [options.maxval ?? 0, ...(options.thresholds ?? [0, 0, 0]), options.reset ?? 0];
    segment(out, 0xf8, [1, ...preset.flatMap(u16)]);
  }
  if (options.restartLines) segment(out, 0xdd, u16(options.restartLines));
  segment(out, 0xda, [1, 1, 0, coding.near, 0, 0]);
  const interval = options.restartLines || rows;
  for (let first = 0; first < rows; first += interval) {
    if (first > 0) out.push(0xff, 0xd0 + ((first / interval - 1) & 7));
    encodeInterval(out, samples, first, Math.min(interval, rows - first), coding);
  }
  if (dnl) segment(out, 0xdc, u16(rows));
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

function codingOf(options: JpegLsEncodeOptions): Coding {
  const near = options.near ?? 0;
  const maxval = options.maxval ?? 2 ** options.precision - 1;
  const range = Math.floor((maxval + 2 * near) / (2 * near + 1)) + 1;
  const bpp = Math.max(2, Math.ceil(Math.log2(maxval + 1)));
  return {
    columns: options.columns,
    near,
    maxval,
    thresholds: options.thresholds ?? defaultThresholds(maxval, near),
    reset: options.reset ?? 64,
    range,
    qbpp: Math.ceil(Math.log2(range)),
    limit: 2 * (bpp + Math.max(8, bpp)),
  };
}

/** T.87 C.2.4.1.1.1. */
function defaultThresholds(maxval: number, near: number): number[] {
  const clamp = (i: number, j: number) => (i > maxval || i < j ? j : i);
  if (maxval >= 128) {
    const factor = Math.floor((Math.min(maxval, 4095) + 128) / 256);
    const t1 = clamp(factor * (3 - 2) + 2 + 3 * near, near + 1);
    const t2 = clamp(factor * (7 - 3) + 3 + 5 * near, t1);
    return [t1, t2, clamp(factor * (21 - 4) + 4 + 7 * near, t2)];
  }
  const factor = Math.floor(256 / (maxval + 1));
  const t1 = clamp(Math.max(2, Math.floor(3 / factor) + 3 * near), near + 1);
  const t2 = clamp(Math.max(3, Math.floor(7 / factor) + 5 * near), t1);
  return [t1, t2, clamp(Math.max(4, Math.floor(21 / factor) + 7 * near), t2)];
}

/** Bits to bytes; after FF a byte begins with a stuffed 0. */
function bitWriter(out: number[]) {
  let byte = 0;
  let free = 8;
  const flush = () => {
    out.push(byte);
    free = byte === 0xff ? 7 : 8;
    byte = 0;
  };
  const bit = (value: number) => {
    byte |= value << --free;
    if (free === 0) flush();
  };
  return {
    bits(value: number, count: number) {
      for (let i = count - 1; i >= 0; i--) bit(Math.floor(value / 2 ** i) & 1);
    },
    /** Fills the last byte with zeros; one that is FF, or the byte behind such a one, is written whole. */
    end() {
      const stuffed = out[out.length - 1] === 0xff;
      if (free < 8 || stuffed) flush();
    },
  };
}

/** The counters of T.87 A.2.1, and the bits they have led to. */
interface EncoderState extends Coding {
  readonly writer: ReturnType<typeof bitWriter>;
  readonly A: number[];
  readonly N: number[];
  readonly B: number[];
  readonly C: number[];
  readonly Nn: number[];
  runIndex: number;
}

/** A line to encode, and the reconstructed ones, with a sample before the first and one behind the last. */
interface Line {
  readonly samples: readonly number[];
  readonly current: number[];
  readonly above: readonly number[];
}

function encodeInterval(
  out: number[],
  samples: ArrayLike<number>,
  firstRow: number,
  rows: number,
  coding: Coding,
): void {
  const { columns, range } = coding;
  const filled = (count: number, value: number) => new Array<number>(count).fill(value);
  const start = Math.max(2, Math.floor((range + 32) / 64));
  const state: EncoderState = {
    ...coding,
    writer: bitWriter(out),
    A: filled(367, start),
    N: filled(367, 1),
    B: filled(365, 0),
    C: filled(365, 0),
    Nn: filled(367, 0),
    runIndex: 0,
  };
  let above = filled(columns + 2, 0);
  for (let row = firstRow; row < firstRow + rows; row++) {
    const current = filled(columns + 2, 0);
    current[0] = above[1];
    above[columns + 1] = above[columns];
    const line = Array.from({ length: columns }, (_, x) => samples[row * columns + x]);
    encodeLine(state, { samples: [0, ...line], current, above });
    above = current;
  }
  state.writer.end();
}

function encodeLine(state: EncoderState, line: Line): void {
  const { current, above } = line;
  for (let x = 1; x <= state.columns; ) {
    const [a, b, c, d] = [current[x - 1], above[x], above[x - 1], above[x + 1]];
    const q = quantize(state, d - b) * 81 + quantize(state, b - c) * 9 + quantize(state, c - a);
    if (q === 0) {
      x = encodeRun(state, line, x);
    } else {
      const predicted =
        c >= Math.max(a, b) ? Math.min(a, b) : c <= Math.min(a, b) ? Math.max(a, b) : a + b - c;
      current[x] = encodeRegular(state, line.samples[x], q, predicted);
      x++;
    }
  }
}

function quantize({ near, thresholds }: Coding, d: number): number {
  const size = Math.abs(d);
  const level = [near + 1, ...thresholds].filter((least) => size >= least).length;
  return d < 0 ? -level : level;
}

/** A.4 to A.6; returns the reconstructed sample. */
function encodeRegular(state: EncoderState, sample: number, q: number, median: number): number {
  const { A, N, B, C, near, reset } = state;
  const [sign, Q] = q < 0 ? [-1, -q] : [1, q];
  const predicted = clampSample(state, median + sign * C[Q]);
  const [error, value] = codeError(state, sample, predicted, sign);
  const k = golombParameter(A[Q], N[Q]);
  const turned = near === 0 && k === 0 && 2 * B[Q] <= -N[Q] ? -error - 1 : error;
  writeGolomb(state, turned >= 0 ? 2 * turned : -2 * turned - 1, k, state.limit);
  B[Q] += error * (2 * near + 1);
  A[Q] += Math.abs(error);
  if (N[Q] === reset) {
    for (const counters of [A, B, N]) counters[Q] = Math.floor(counters[Q] / 2);
  }
  N[Q]++;
  if (B[Q] <= -N[Q]) {
    B[Q] = Math.max(B[Q] + N[Q], 1 - N[Q]);
    C[Q] = Math.max(C[Q] - 1, -128);
  } else if (B[Q] > 0) {
    B[Q] = Math.min(B[Q] - N[Q], 0);
    C[Q] = Math.min(C[Q] + 1, 127);
  }
  return value;
}

/** A.7: the run from `x` on and the sample that interrupts it; returns where the next one is. */
function encodeRun(state: EncoderState, { samples, current, above }: Line, x: number): number {
  const { near, columns, writer } = state;
  const a = current[x - 1];
  let at = x;
  while (at <= columns && Math.abs(samples[at] - a) <= near) current[at++] = a;
  let length = at - x;
  while (length >= 2 ** RUN_ORDERS[state.runIndex]) {
    writer.bits(1, 1);
    length -= 2 ** RUN_ORDERS[state.runIndex];
    if (state.runIndex < 31) state.runIndex++;
  }
  if (at > columns) {
    if (length > 0) writer.bits(1, 1);
    return at;
  }
  const order = RUN_ORDERS[state.runIndex];
  writer.bits(length, order + 1);
  current[at] = encodeInterruption(state, samples[at], a, above[at], order);
  if (state.runIndex > 0) state.runIndex--;
  return at + 1;
}

/** A.7.2; returns the reconstructed sample. */
function encodeInterruption(
  state: EncoderState,
  sample: number,
  a: number,
  b: number,
  order: number,
): number {
  const { A, N, Nn, near, limit, reset } = state;
  const kind = Math.abs(a - b) <= near ? 1 : 0;
  const Q = 365 + kind;
  const [error, value] = codeError(state, sample, kind ? a : b, !kind && a > b ? -1 : 1);
  const k = golombParameter(kind ? A[Q] + Math.floor(N[Q] / 2) : A[Q], N[Q]);
  const often = 2 * Nn[Q] >= N[Q];
  const map = (k === 0 && error > 0 && !often) || (error < 0 && (often || k !== 0)) ? 1 : 0;
  const mapped = 2 * Math.abs(error) - kind - map;
  writeGolomb(state, mapped, k, limit - order - 1);
  if (error < 0) Nn[Q]++;
  A[Q] += Math.floor((mapped + 1 - kind) / 2);
  if (N[Q] === reset) {
    for (const counters of [A, N, Nn]) counters[Q] = Math.floor(counters[Q] / 2);
  }
  N[Q]++;
  return value;
}

function clampSample({ maxval }: Coding, value: number): number {
  return Math.min(maxval, Math.max(0, value));
}

/** A.4.4, A.4.5: the error as it is coded, and the sample that the decoder will have. */
function codeError(state: Coding, sample: number, predicted: number, sign: number): [number, number] {
  const { near, range } = state;
  const raw = sign * (sample - predicted);
  const quantized = Math.sign(raw) * Math.floor((Math.abs(raw) + near) / (2 * near + 1));
  const value = clampSample(state, predicted + sign * quantized * (2 * near + 1));
  let error = quantized < 0 ? quantized + range : quantized;
  if (error >= Math.floor((range + 1) / 2)) error -= range;
  return [error, value];
}

/** A.5.1. */
function golombParameter(a: number, n: number): number {
  let k = 0;
  while (n * 2 ** k < a) k++;
  return k;
}

/** A.5.3. */
function writeGolomb({ writer, qbpp }: EncoderState, mapped: number, k: number, limit: number): void {
  const high = Math.floor(mapped / 2 ** k);
  if (high < limit - qbpp - 1) {
    writer.bits(1, high + 1);
    writer.bits(mapped % 2 ** k, k);
  } else {
    writer.bits(1, limit - qbpp);
    writer.bits(mapped - 1, qbpp);
  }
}

function segment(out: number[], marker: number, parameters: readonly number[]): void {
  out.push(0xff, marker, ...u16(parameters.length + 2), ...parameters);
}

function u16(value: number): number[] {
  return [value >> 8, value & 255];
}
