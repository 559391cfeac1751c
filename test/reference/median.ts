import type { Grid } from "../../src/core/grid.js";
import { clampedVoxels, mapIndices } from "./neighborhood.js";

/** The middle one of 27 sorted voxels, edges repeated. */
export function medianReference(voxels: Int16Array, grid: Grid): Int16Array {
  const at = clampedVoxels(voxels, grid);
  const around = [-1, 0, 1];
  const medians = mapIndices(grid, (x, y, z) => {
    const values = around.flatMap((k) => around.flatMap((j) => around.map((i) => at(x + i, y + j, z + k))));
    return values.sort((a, b) => a - b)[13];
  });
  return Int16Array.from(medians);
}
