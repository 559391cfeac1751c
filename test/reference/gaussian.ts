import type { Grid, Vec3 } from "../../src/core/grid.js";
import { clampedVoxels, mapIndices } from "./neighborhood.js";

/**
 * Separable Gaussian in f64, not rounded: sampled, cut at 4 sigma to the nearest voxel, normalized, edges
 * repeated.
 */
export function gaussianReference(voxels: Int16Array, grid: Grid, sigmaMm: Vec3): Float64Array {
  const steps: Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return steps.reduce<Float64Array>((values, [i, j, k], axis) => {
    const at = clampedVoxels(values, grid);
    const weights = weightsOf(sigmaMm[axis] / grid.spacingMm[axis]);
    return mapIndices(grid, (x, y, z) =>
      weights.reduce((sum, { tap, weight }) => sum + weight * at(x + i * tap, y + j * tap, z + k * tap), 0),
    );
  }, Float64Array.from(voxels));
}

function weightsOf(sigma: number) {
  const radius = Math.round(4 * sigma);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const heights = taps.map((tap) => (tap === 0 ? 1 : Math.exp(-((tap / sigma) ** 2) / 2)));
  const sum = heights.reduce((total, height) => total + height, 0);
  return taps.map((tap, i) => ({ tap, weight: heights[i] / sum }));
}
