import type { Grid, Vec3 } from "../../core/grid.js";
import { refuse } from "./resample_options.js";

/** Source index = `matrix` (3x3, row-major: source axis by output axis) * output index + `offset`. */
export interface IndexMap {
  readonly matrix: readonly number[];
  readonly offset: Vec3;
}

/** An output axis that runs along a source axis: source index = scale * output index + offset. */
export interface AxisMap {
  readonly sourceAxis: number;
  readonly scale: number;
  readonly offset: number;
}

/**
 * The map by way of the patient: output index to mm, `transform`, mm to source index.
 * @throws HounsfieldError `invalid-option`
 */
export function indexMap(source: Grid, grid: Grid, transform: readonly number[] = identity): IndexMap {
  if (transform.length !== 12 || !transform.every(Number.isFinite)) {
    refuse("transform", transform, "12 finite numbers, rows of [A | t]");
  }
  const toIndex = inverse(axesMm(source));
  const linear = transform.filter((_, i) => i % 4 !== 3);
  const moved = apply(linear, grid.originMm).map(
    (mm, row) => mm + transform[row * 4 + 3] - source.originMm[row],
  );
  return { matrix: multiply(toIndex, multiply(linear, axesMm(grid))), offset: apply(toIndex, moved) };
}

/**
 * The map of each output axis where all of them run along source axes; `undefined` where the grids are turned
 * against each other. What would move no voxel by a millionth of its size does not count as turned, nor as
 * moved off whole voxels.
 */
export function axisMaps({ matrix, offset }: IndexMap, size: Vec3): AxisMap[] | undefined {
  const maps: AxisMap[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const span = Math.max(1, size[axis] - 1);
    const along = [0, 1, 2].filter((row) => Math.abs(matrix[row * 3 + axis]) * span > SLACK);
    if (along.length !== 1) return undefined;
    const [sourceAxis] = along;
    const scale = matrix[sourceAxis * 3 + axis];
    const whole = Math.abs(scale - Math.round(scale)) * span < SLACK;
    maps.push({ sourceAxis, scale: whole ? Math.round(scale) : scale, offset: snapped(offset[sourceAxis]) });
  }
  return new Set(maps.map(({ sourceAxis }) => sourceAxis)).size === 3 ? maps : undefined;
}

/** Whether every output voxel lies on a source voxel. */
export function isWhole(maps: readonly AxisMap[]): boolean {
  return maps.every(({ scale, offset }) => Math.abs(scale) === 1 && Number.isInteger(offset));
}

/**
 * The source index of output index `i`, to 2^-30 voxel: far finer than f32 weights, coarser than the noise of
 * f64.
 */
export function sourceIndex({ scale, offset }: AxisMap, i: number): number {
  return Math.round((scale * i + offset) * 2 ** 30) / 2 ** 30;
}

const SLACK = 1e-6;
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

function snapped(offset: number): number {
  return Math.abs(offset - Math.round(offset)) < SLACK ? Math.round(offset) : offset;
}

/** Columns: the step in mm of one index along x, y, z. */
function axesMm({ direction, spacingMm }: Grid): number[] {
  return direction.map((cosine, i) => cosine * spacingMm[i % 3]);
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, i) => [0, 1, 2].reduce((sum, k) => sum + a[i - (i % 3) + k] * b[k * 3 + (i % 3)], 0));
}

function apply(a: readonly number[], [x, y, z]: readonly number[]): Vec3 {
  return [a[0] * x + a[1] * y + a[2] * z, a[3] * x + a[4] * y + a[5] * z, a[6] * x + a[7] * y + a[8] * z];
}

/** By cofactors: exact for axis-aligned grids. */
function inverse(m: readonly number[]): number[] {
  const cofactor = (row: number, column: number) => {
    const [r0, r1] = [(row + 1) % 3, (row + 2) % 3];
    const [c0, c1] = [(column + 1) % 3, (column + 2) % 3];
    return m[r0 * 3 + c0] * m[r1 * 3 + c1] - m[r0 * 3 + c1] * m[r1 * 3 + c0];
  };
  const determinant = m[0] * cofactor(0, 0) + m[1] * cofactor(0, 1) + m[2] * cofactor(0, 2);
  if (!(Math.abs(determinant) > 0))
    refuse("direction and spacing of the source", m, "three independent axes");
  return m.map((_, i) => cofactor(i % 3, Math.floor(i / 3)) / determinant);
}
