import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import type { Border, ResampleKernel } from "../../src/ops/resample/resample_options.js";

export interface ReferenceOptions {
  readonly kernel?: ResampleKernel;
  readonly antialias?: boolean;
  readonly border?: Border;
  /** Whether the grids are turned against each other, so that antialiasing is a Gaussian for every kernel. */
  readonly turned?: boolean;
  readonly transform?: readonly number[];
}

/**
 * What resample must give before rounding: f64, voxel by voxel, each by way of its position in the patient.
 */
export function resampleReference(
  voxels: ArrayLike<number>,
  source: Grid,
  grid: Grid,
  {
    kernel = "linear",
    antialias = false,
    border = "clamp",
    turned = false,
    transform,
  }: ReferenceOptions = {},
): Float64Array {
  const toSource = (index: Vec3) => indexOf(source, transformed(positionMm(grid, index), transform));
  const ratios = steps(toSource).map((step) => (antialias ? Math.max(1, step) : 1));
  const gaussian = kernel === "b-spline" || turned;
  const fold = kernel === "b-spline" ? mirror : clamp;
  let samples: Float64Array = Float64Array.from(voxels);
  for (const axis of [0, 1, 2]) {
    if (gaussian) samples = alongLines(samples, source, axis, (line) => blurred(line, ratios[axis], fold));
    if (kernel === "b-spline") samples = alongLines(samples, source, axis, splineCoefficients);
  }
  const result = new Float64Array(grid.size[0] * grid.size[1] * grid.size[2]);
  let n = 0;
  for (let k = 0; k < grid.size[2]; k++) {
    for (let j = 0; j < grid.size[1]; j++) {
      for (let i = 0; i < grid.size[0]; i++) {
        const at = toSource([i, j, k]);
        const outside = at.some((c, axis) => c < -0.5 || c > source.size[axis] - 0.5);
        result[n++] =
          outside && border !== "clamp"
            ? border.constantHu
            : sumAt(samples, source, at, kernel, gaussian ? [1, 1, 1] : ratios, fold);
      }
    }
  }
  return result;
}

/** To the nearest integer, halves away from zero. */
export function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}

/** The fractional index of a position, by Cramer's rule; to 1e-7 voxel, so that halves are halves. */
export function indexOf(grid: Grid, mm: Vec3): Vec3 {
  const column = (axis: number) => [0, 3, 6].map((row) => grid.direction[row + axis] * grid.spacingMm[axis]);
  const columns = [column(0), column(1), column(2)];
  const from = mm.map((value, row) => value - grid.originMm[row]);
  const whole = determinant(columns);
  const at = (axis: number) => {
    const index = determinant(columns.map((values, other) => (other === axis ? from : values))) / whole;
    return Math.round(index * 1e7) / 1e7;
  };
  return [at(0), at(1), at(2)];
}

function determinant([a, b, c]: readonly (readonly number[])[]): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

function transformed(mm: Vec3, t?: readonly number[]): Vec3 {
  if (!t) return mm;
  const at = (row: number) => t[row] * mm[0] + t[row + 1] * mm[1] + t[row + 2] * mm[2] + t[row + 3];
  return [at(0), at(4), at(8)];
}

/** How far one step of the output goes along each source axis. */
function steps(toSource: (index: Vec3) => Vec3): number[] {
  const origin = toSource([0, 0, 0]);
  // A thousand steps at once: positions are rounded.
  const far = [toSource([1000, 0, 0]), toSource([0, 1000, 0]), toSource([0, 0, 1000])];
  return origin.map((start, axis) => Math.hypot(...far.map((end) => (end[axis] - start) / 1000)));
}

type Fold = (index: number, length: number) => number;

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

function mirror(index: number, length: number): number {
  let at = index;
  while (length > 1 && (at < 0 || at >= length)) at = at < 0 ? -at : 2 * length - 2 - at;
  return length === 1 ? 0 : at;
}

/** Weight and voxel of each tap of one axis. */
function tapsAt(
  c: number,
  length: number,
  kernel: ResampleKernel,
  ratio: number,
  fold: Fold,
): [number, number][] {
  const at = clamp(c + 0.5, length + 1) - 0.5;
  if (kernel === "nearest") return [[1, clamp(Math.floor(at + 0.5), length)]];
  const taps: [number, number][] = [];
  for (let k = Math.ceil(at - 3 * ratio); k <= at + 3 * ratio; k++) {
    taps.push([weight(kernel, Math.abs(k - at) / ratio), fold(k, length)]);
  }
  const sum = taps.reduce((total, [w]) => total + w, 0);
  return taps.map(([w, index]) => [w / sum, index]);
}

function weight(kernel: ResampleKernel, t: number): number {
  if (kernel === "linear") return Math.max(0, 1 - t);
  if (kernel === "lanczos3") {
    if (t === 0) return 1;
    return t >= 3 ? 0 : (3 * Math.sin(Math.PI * t) * Math.sin((Math.PI * t) / 3)) / (Math.PI * t) ** 2;
  }
  if (t >= 2) return 0;
  if (kernel === "catmull-rom") {
    return t < 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2;
  }
  return t < 1 ? 2 / 3 - t ** 2 + t ** 3 / 2 : (2 - t) ** 3 / 6;
}

function sumAt(
  samples: Float64Array,
  { size }: Grid,
  at: Vec3,
  kernel: ResampleKernel,
  ratios: readonly number[],
  fold: Fold,
): number {
  const [x, y, z] = at.map((c, axis) => tapsAt(c, size[axis], kernel, ratios[axis], fold));
  let sum = 0;
  for (const [wz, k] of z) {
    for (const [wy, j] of y) {
      for (const [wx, i] of x) sum += wx * wy * wz * samples[(k * size[1] + j) * size[0] + i];
    }
  }
  return sum;
}

function alongLines(
  samples: Float64Array,
  { size }: Grid,
  axis: number,
  change: (line: number[]) => number[],
): Float64Array {
  const stride = [1, size[0], size[0] * size[1]][axis];
  const result = new Float64Array(samples.length);
  for (let start = 0; start < samples.length; start++) {
    if (Math.floor(start / stride) % size[axis] !== 0) continue;
    const line = Array.from({ length: size[axis] }, (_, i) => samples[start + i * stride]);
    change(line).forEach((value, i) => {
      result[start + i * stride] = value;
    });
  }
  return result;
}

/** Gaussian of sigma² = (ratio² - 1) / (8 ln 2), cut at 4 sigma. */
function blurred(line: number[], ratio: number, fold: Fold): number[] {
  const sigma = Math.sqrt((ratio ** 2 - 1) / (8 * Math.log(2)));
  if (!(sigma > 0)) return line;
  const radius = Math.ceil(4 * sigma);
  return line.map((_, i) => {
    let sum = 0;
    let weights = 0;
    for (let d = -radius; d <= radius; d++) {
      const w = Math.exp(-0.5 * (d / sigma) ** 2);
      weights += w;
      sum += w * line[fold(i + d, line.length)];
    }
    return sum / weights;
  });
}

/**
 * Solves c[k-1] + 4 c[k] + c[k+1] = 6 s[k], c mirrored about both ends, by elimination: no recursion with
 * poles.
 */
function splineCoefficients(line: number[]): number[] {
  const n = line.length;
  if (n === 1) return line;
  const upper = new Array<number>(n);
  const right = new Array<number>(n);
  for (let k = 0; k < n; k++) {
    const below = k === 0 ? 0 : k === n - 1 ? 2 : 1;
    const above = k === 0 ? 2 : k === n - 1 ? 0 : 1;
    const pivot = 4 - (k === 0 ? 0 : below * upper[k - 1]);
    upper[k] = above / pivot;
    right[k] = (6 * line[k] - (k === 0 ? 0 : below * right[k - 1])) / pivot;
  }
  for (let k = n - 2; k >= 0; k--) right[k] -= upper[k] * right[k + 1];
  return right;
}
