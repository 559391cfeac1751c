import type { Grid } from "../../src/core/grid.js";
import { clampedVoxels, mapIndices } from "./neighborhood.js";

/**
 * Length of the gradient in HU per mm, f64: central differences, one-sided at faces, none along one voxel.
 */
export function gradientReference(voxels: Int16Array, grid: Grid): Float64Array {
  const at = clampedVoxels(voxels, grid);
  const distance = (i: number, axis: number) =>
    (Math.min(i + 1, grid.size[axis] - 1) - Math.max(i - 1, 0)) * grid.spacingMm[axis] || 1;
  return mapIndices(grid, (x, y, z) =>
    Math.hypot(
      (at(x + 1, y, z) - at(x - 1, y, z)) / distance(x, 0),
      (at(x, y + 1, z) - at(x, y - 1, z)) / distance(y, 1),
      (at(x, y, z + 1) - at(x, y, z - 1)) / distance(z, 2),
    ),
  );
}
