import { HounsfieldError } from "../../core/errors.js";
import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { shown } from "../../core/options.js";
import { vector } from "../../core/rules.js";

/**
 * A cut's orientation: one of the three that are read in radiology, in the patient's own axes (not the
 * scanner's), or any other by the directions in LPS that run to the right and down in its picture. They are
 * made orthonormal, `right` first.
 */
export type MprPlane = "axial" | "coronal" | "sagittal" | { readonly right: Vec3; readonly down: Vec3 };

/** Unit vectors in LPS: the picture's right and down, and away from the viewer. */
export interface PlaneAxes {
  readonly right: Vec3;
  readonly down: Vec3;
  readonly normal: Vec3;
}

/**
 * As they are read: axial from the feet, coronal from the front, sagittal from the left; the patient's right
 * at the picture's left.
 */
const planes = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], normal: [0, 0, 1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], normal: [0, 1, 0] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], normal: [-1, 0, 0] },
} as const satisfies Readonly<Record<string, PlaneAxes>>;

/** @throws HounsfieldError `invalid-option` for an unknown name, and for directions that span no plane */
export function planeAxes(plane: MprPlane): PlaneAxes {
  if (typeof plane === "string") {
    if (Object.hasOwn(planes, plane)) return planes[plane];
    throw invalidPlane(`"${plane}"`);
  }
  const isPlane = typeof plane === "object" && plane !== null && [plane.right, plane.down].every(isVector);
  if (!isPlane) throw invalidPlane(shown(plane));
  const right = unit(plane.right);
  const along = dot(right, plane.down);
  const down = unit(combine([1, -along], [plane.down, right]));
  if (![...right, ...down].every(Number.isFinite)) throw invalidPlane(shown(plane));
  return { right, down, normal: cross(right, down) };
}

function isVector(value: unknown): boolean {
  return vector(value) === undefined;
}

function invalidPlane(got: string): HounsfieldError {
  const accepted = "axial, coronal, sagittal, or { right, down }: two directions that are not parallel";
  return new HounsfieldError("invalid-option", `mpr plane: got ${got}, accepted ${accepted}`, {
    got,
    accepted,
  });
}

/** Extent of the whole volume, to the outer faces of its voxels, along a direction. */
export function extentMm(grid: Grid, direction: Vec3): number {
  return [0, 1, 2].reduce((sum, axis) => {
    const d = dot(direction, columnOf(grid, axis));
    return sum + Math.abs(d) * grid.size[axis] * grid.spacingMm[axis];
  }, 0);
}

/**
 * Distance along a direction in which it passes one voxel of the axis that it follows most: the slices'
 * distance, for their normal.
 */
export function voxelStepMm(grid: Grid, direction: Vec3): number {
  return 1 / Math.max(...toIndexStep(grid, direction).map(Math.abs));
}

export function centerMm(grid: Grid): Vec3 {
  const [x, y, z] = grid.size;
  return positionMm(grid, [(x - 1) / 2, (y - 1) / 2, (z - 1) / 2]);
}

/** A vector in mm (LPS) as a difference of voxel indices. */
export function toIndexStep(grid: Grid, mm: Vec3): Vec3 {
  const along = (axis: 0 | 1 | 2) => dot(mm, columnOf(grid, axis)) / grid.spacingMm[axis];
  return [along(0), along(1), along(2)];
}

/** Voxel index of a position in mm (LPS); whole at voxel centers. */
export function indexOf(grid: Grid, mm: Vec3): Vec3 {
  return toIndexStep(grid, combine([1, -1], [mm, grid.originMm]));
}

/** The voxel that a position lies in, or undefined beside the volume. */
export function voxelAt(grid: Grid, mm: Vec3): Vec3 | undefined {
  const [x, y, z] = indexOf(grid, mm).map(Math.round);
  const index: Vec3 = [x, y, z];
  return index.every((value, axis) => value >= 0 && value < grid.size[axis]) ? index : undefined;
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The sum of vectors, each times its factor. */
export function combine(factors: readonly number[], vectors: readonly Vec3[]): Vec3 {
  const part = (axis: number) => factors.reduce((sum, factor, i) => sum + factor * vectors[i][axis], 0);
  return [part(0), part(1), part(2)];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Vec3): Vec3 {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}

function columnOf({ direction: d }: Grid, axis: number): Vec3 {
  return [d[axis], d[3 + axis], d[6 + axis]];
}
