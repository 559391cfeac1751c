import { invalidOption } from "./options.js";

/** Three numbers, x first. */
export type Vec3 = readonly [number, number, number];

/**
 * Where the voxels of a volume are, in the patient. Arrays of voxels are z, y, x: x varies fastest. Voxel (i,
 * j, k) has its center at `originMm + direction * (i*sx, j*sy, k*sz)`, in millimeters, LPS: x grows to the
 * patient's left, y to the back, z to the head (DICOM PS3.3 C.7.6.2.1.1).
 */
export interface Grid {
  /** Voxels along x (columns), y (rows), z (slices). */
  readonly size: Vec3;
  readonly spacingMm: Vec3;
  /** Center of voxel (0, 0, 0). */
  readonly originMm: Vec3;
  /** 3x3, row-major; its columns are the unit vectors of the x, y and z index axes (as ITK's direction). */
  readonly direction: readonly number[];
}

export function voxelCount(grid: Grid): number {
  return grid.size[0] * grid.size[1] * grid.size[2];
}

/** Volume of one voxel in mm³. */
export function voxelVolumeMm3(grid: Grid): number {
  return grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2];
}

/** Position in mm (LPS) of the voxel index (i, j, k), which may be fractional. */
export function positionMm(grid: Grid, index: Vec3): Vec3 {
  if (!isGrid(grid)) throw invalidOption("positionMm", "grid", grid, "a grid, such as volume.grid");
  if (!areNumbers(index, 3)) throw invalidOption("positionMm", "index", index, "3 numbers");
  const [a, b, c] = [0, 1, 2].map((axis) => index[axis] * grid.spacingMm[axis]);
  const d = grid.direction;
  const at = (row: number) => grid.originMm[row] + d[row * 3] * a + d[row * 3 + 1] * b + d[row * 3 + 2] * c;
  return [at(0), at(1), at(2)];
}

/**
 * Whether a value has what a Grid has, for who would otherwise fail on its way; not whether it is a possible
 * one. Cheap: it is asked often.
 */
export function isGrid(value: unknown): value is Grid {
  const { size, spacingMm, originMm, direction } = (value ?? {}) as Partial<Grid>;
  const vectors = areNumbers(size, 3) && areNumbers(spacingMm, 3) && areNumbers(originMm, 3);
  return vectors && areNumbers(direction, 9);
}

/** Typed arrays do as well. */
function areNumbers(values: ArrayLike<unknown> | undefined, length: number): boolean {
  if (values?.length !== length) return false;
  for (let i = 0; i < length; i++) if (typeof values[i] !== "number") return false;
  return true;
}
