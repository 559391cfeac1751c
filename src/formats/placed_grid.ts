import type { Diagnostic } from "../core/diagnostic.js";
import type { Grid, Vec3 } from "../core/grid.js";
import { cross, dot, norm, plus, times } from "../core/vec3.js";
import { malformedImage, unsupportedImage } from "./image_error.js";
import type { VoxelData } from "./voxel_types.js";

/**
 * The cosine up to which axes count as perpendicular: a thousandth of a radian twice, as for grids given to
 * `resample`.
 */
const MOST_COSINE = 0.002;

/** A grid from the axes of a file, and what has to be done with its voxels to lie on it. */
export interface PlacedGrid {
  readonly grid: Grid;
  /** The file's axes are left-handed: its rows have to be turned over. */
  readonly flipsRows: boolean;
}

/**
 * The right-handed grid of three axes, each the step in LPS millimeters from a voxel to the next, and of the
 * center of the first voxel. Left-handed axes, as dcm2niix and radiological conventions write, are made
 * right-handed by turning the rows (y) over: of a series that dcm2niix has turned, that gives the series
 * again.
 * @throws HounsfieldError `malformed-image` for axes of no length, `unsupported-image` for sheared ones
 */
export function placeGrid(
  format: string,
  size: Vec3,
  steps: readonly [Vec3, Vec3, Vec3],
  origin: Vec3,
): PlacedGrid {
  const spacing = steps.map(norm);
  if (![...spacing, ...origin].every(Number.isFinite) || !spacing.every((mm) => mm > 0))
    throw malformedImage(format, "its axes have no direction or no length", steps);
  const units = steps.map((step, axis) => times(step, 1 / spacing[axis]));
  const cosine = Math.max(...[0, 1, 2].map((axis) => Math.abs(dot(units[axis], units[(axis + 1) % 3]))));
  if (cosine > MOST_COSINE)
    throw unsupportedImage(format, "its axes are not perpendicular (a sheared grid)", units);
  const flipsRows = dot(cross(units[0], units[1]), units[2]) < 0;
  const rows = flipsRows ? times(units[1], -1) : units[1];
  const axes = [units[0], rows, units[2]];
  return {
    grid: {
      size,
      spacingMm: [spacing[0], spacing[1], spacing[2]],
      originMm: flipsRows ? plus(origin, steps[1], size[1] - 1) : origin,
      direction: [0, 1, 2].flatMap((row) => axes.map((axis) => axis[row])),
    },
    flipsRows,
  };
}

/** Turns the rows (y) of every slice over, in place. */
export function flipRows(data: VoxelData, [nx, ny, nz]: Vec3): void {
  for (let z = 0; z < nz; z++) {
    for (let low = 0, high = ny - 1; low < high; low++, high--) {
      const [a, b] = [(z * ny + low) * nx, (z * ny + high) * nx];
      const row = data.slice(a, a + nx);
      data.copyWithin(a, b, b + nx);
      data.set(row, b);
    }
  }
}

export const rowsFlipped: Diagnostic = {
  severity: "info",
  code: "rows-flipped",
  message: "The file's axes are left-handed; its rows (y) were turned over, and the origin with them.",
};
