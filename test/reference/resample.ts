import type { Grid } from "../../src/core/grid.js";

/** Trilinear resampling onto grid "O" in f64, voxel by voxel: what resample must give before rounding. */
export function resampleReference(voxels: Int16Array, source: Grid, grid: Grid): Float64Array {
  const [nx, ny, nz] = source.size;
  const [mx, my, mz] = grid.size;
  const scale = [0, 1, 2].map((axis) => grid.spacingMm[axis] / source.spacingMm[axis]);
  const at = (x: number, y: number, z: number) =>
    voxels[(Math.min(z, nz - 1) * ny + Math.min(y, ny - 1)) * nx + Math.min(x, nx - 1)];
  const result = new Float64Array(mx * my * mz);
  for (let k = 0, n = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      for (let i = 0; i < mx; i++, n++) {
        const [x, y, z] = [i * scale[0], j * scale[1], k * scale[2]];
        const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        for (const [dx, dy, dz] of corners) {
          const weight = (dx ? x - x0 : 1 - x + x0) * (dy ? y - y0 : 1 - y + y0) * (dz ? z - z0 : 1 - z + z0);
          result[n] += weight * at(x0 + dx, y0 + dy, z0 + dz);
        }
      }
    }
  }
  return result;
}

const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [bits & 1, (bits >> 1) & 1, bits >> 2]);

/** To the nearest integer, halves away from zero. */
export function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}
