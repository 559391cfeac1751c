import { checkGrid } from "../core/check_grid.js";
import type { Grid, Vec3 } from "../core/grid.js";
import { checkArgument } from "../core/options.js";
import { count, finite, listOf } from "../core/rules.js";
import { norm } from "../core/vec3.js";
import { affineOf } from "./nifti/orientation.js";

/** The last row of an affine of homogeneous coordinates. */
const LAST = [0, 0, 0, 1];

/**
 * The grid of an affine as NIfTI and nibabel have it: rows of 4 numbers, three or four of them, one after the
 * other, that take a voxel's index (x, y, z, 1) to RAS millimeters. Left-handed axes stay so.
 * @throws HounsfieldError `invalid-option` for a singular or sheared one
 */
export function gridOfAffine(affine: readonly number[], size: Vec3): Grid {
  checkArgument("gridOfAffine", "affine", affine, (value) =>
    [12, 16].some((length) => listOf(finite, "", length)(value) === undefined)
      ? undefined
      : "12 or 16 finite numbers: rows of 4",
  );
  checkArgument("gridOfAffine", "size", size, listOf(count, "3 whole numbers of 1 or more", 3));
  const lps = (row: number, column: number) => affine[row * 4 + column] * (row < 2 ? -1 : 1) + 0;
  const axes = [0, 1, 2].map((axis): Vec3 => [lps(0, axis), lps(1, axis), lps(2, axis)]);
  const [sx, sy, sz] = axes.map(norm);
  const spacingMm: Vec3 = [sx, sy, sz];
  const direction = [0, 1, 2].flatMap((row) => axes.map((axis, at) => axis[row] / spacingMm[at]));
  const grid: Grid = { size, spacingMm, originMm: [lps(0, 3), lps(1, 3), lps(2, 3)], direction };
  checkGrid("gridOfAffine", "affine", grid);
  return grid;
}

/** The 16 numbers of a grid's affine, row-major: index (x, y, z, 1) to RAS millimeters. */
export function affineOfGrid(grid: Grid): number[] {
  checkGrid("affineOfGrid", "grid", grid);
  return [...affineOf(grid).flat(), ...LAST];
}
