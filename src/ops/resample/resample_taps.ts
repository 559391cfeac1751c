import { type AxisMap, sourceIndex } from "./resample_map.js";
import { type Border, type ResampleKernel, refuse } from "./resample_options.js";

/**
 * Of each output index along an axis: its first source index and `taps` weights, made in f64. Taps never
 * leave the source.
 */
export interface TapTable {
  readonly taps: number;
  readonly first: Uint32Array;
  /** f32, output index slowest. */
  readonly weights: Float32Array;
}

/** What to interpolate with; `nearest` needs no weights. */
export interface TapFilter {
  readonly kernel: Exclude<ResampleKernel, "nearest">;
  readonly antialias: boolean;
  readonly border: Border;
}

/**
 * Of an axis: far more than any image has (65,535), and few enough that their weights take seconds at most.
 */
const MOST_SOURCE_VOXELS = 2 ** 20;

/** Weights by source index; before folding, indices may lie outside the source. */
type Weights = Map<number, number>;

/**
 * The table of `count` outputs along a source axis of `length` voxels. For `b-spline` the weights are of its
 * coefficients.
 * @throws HounsfieldError `invalid-option` where they would be of more voxels than any image has
 */
export function tapTable(filter: TapFilter, axis: AxisMap, length: number, count: number): TapTable {
  const ratio = filter.antialias ? Math.max(1, Math.abs(axis.scale)) : 1;
  checkReach(ratio * count);
  const fold = filter.kernel === "b-spline" ? mirrored : clamped;
  const rows = Array.from({ length: count }, (_, i): Weights => {
    const at = sourceIndex(axis, i);
    if (filter.border !== "clamp" && isOutside(at, length)) return new Map([[at < 0 ? 0 : length - 1, 0]]);
    const held = Math.min(Math.max(at, -0.5), length - 0.5);
    return folded(weightsAt(filter.kernel, held, ratio), (index) => fold(index, length));
  });
  return packTable(rows, length);
}

/**
 * Blurs an axis of `length` voxels by the Gaussian that precedes shrinking by `ratio`.
 * @throws as `tapTable`
 */
export function blurTable(ratio: number, length: number, kernel: ResampleKernel): TapTable {
  checkReach(ratio * length);
  const fold = kernel === "b-spline" ? mirrored : clamped;
  const rows = Array.from({ length }, (_, i) =>
    folded(convolved(new Map([[i, 1]]), gaussian(ratio)), (index) => fold(index, length)),
  );
  return packTable(rows, length);
}

/** Each of `length` voxels itself. */
export function identityTable(length: number): TapTable {
  return {
    taps: 1,
    first: Uint32Array.from({ length }, (_, i) => i),
    weights: new Float32Array(length).fill(1),
  };
}

/** More than half a voxel off the outermost voxel centers. */
export function isOutside(at: number, length: number): boolean {
  return at < -0.5 || at > length - 0.5;
}

function checkReach(sourceVoxels: number): void {
  if (sourceVoxels <= MOST_SOURCE_VOXELS) return;
  const reach = Math.round(sourceVoxels);
  refuse(
    "target",
    reach,
    `a grid that spans at most ${MOST_SOURCE_VOXELS} of the source's voxels along an axis`,
  );
}

function weightsAt(kernel: TapFilter["kernel"], at: number, ratio: number): Weights {
  const { radius, weight } = shapes[kernel];
  const stretch = kernel === "b-spline" ? 1 : ratio;
  const weights: Weights = new Map();
  for (let k = Math.ceil(at - radius * stretch); k <= at + radius * stretch; k++) {
    weights.set(k, weight((k - at) / stretch));
  }
  return kernel === "b-spline" ? convolved(weights, gaussian(ratio)) : weights;
}

interface Shape {
  readonly radius: number;
  readonly weight: (t: number) => number;
}

const shapes: Readonly<Record<TapFilter["kernel"], Shape>> = {
  linear: { radius: 1, weight: (t) => 1 - Math.abs(t) },
  "catmull-rom": { radius: 2, weight: (t) => catmullRom(Math.abs(t)) },
  "b-spline": { radius: 2, weight: (t) => cubicSpline(Math.abs(t)) },
  lanczos3: { radius: 3, weight: (t) => sinc(t) * sinc(t / 3) },
};

/** Keys' cubic convolution with a = -0.5 (IEEE ASSP 29, 1981). */
function catmullRom(t: number): number {
  return t < 1 ? 1 + t * t * (1.5 * t - 2.5) : 2 + t * (-4 + t * (2.5 - 0.5 * t));
}

function cubicSpline(t: number): number {
  return t < 1 ? 2 / 3 + t * t * (t / 2 - 1) : (2 - t) ** 3 / 6;
}

function sinc(t: number): number {
  return t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
}

/**
 * Weights at whole offsets of the Gaussian whose full width at half maximum, squared, is ratio² - 1; to 4
 * sigma.
 */
function gaussian(ratio: number): number[] {
  const variance = (ratio * ratio - 1) / (8 * Math.LN2);
  const radius = Math.ceil(4 * Math.sqrt(variance));
  return Array.from({ length: 2 * radius + 1 }, (_, i) =>
    variance === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * variance)),
  );
}

function convolved(weights: Weights, symmetric: readonly number[]): Weights {
  const radius = (symmetric.length - 1) / 2;
  const result: Weights = new Map();
  for (const [index, weight] of weights) {
    symmetric.forEach((factor, i) => {
      add(result, index + i - radius, weight * factor);
    });
  }
  return result;
}

/**
 * Each weight at the voxel that stands for its index, all of them to a sum of 1; what is nothing but the
 * noise of f64 is left out.
 */
function folded(weights: Weights, fold: (index: number) => number): Weights {
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  const result: Weights = new Map();
  for (const [index, weight] of weights) {
    if (Math.abs(weight) > 1e-12) add(result, fold(index), weight / sum);
  }
  return result;
}

function add(weights: Weights, index: number, weight: number): void {
  weights.set(index, (weights.get(index) ?? 0) + weight);
}

function clamped(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

/** About the centers of the first and the last voxel. */
function mirrored(index: number, length: number): number {
  const period = Math.max(1, 2 * length - 2);
  const there = Math.abs(index) % period;
  return Math.min(there, period - there);
}

function packTable(rows: readonly Weights[], length: number): TapTable {
  const lowest = rows.map((weights) => Math.min(...weights.keys()));
  const taps = Math.max(...rows.map((weights, i) => Math.max(...weights.keys()) - lowest[i] + 1));
  const first = Uint32Array.from(lowest, (index) => Math.min(index, length - taps));
  const packed = new Float32Array(rows.length * taps);
  rows.forEach((weights, i) => {
    for (const [index, weight] of weights) packed[i * taps + index - first[i]] = weight;
  });
  return { taps, first, weights: packed };
}
