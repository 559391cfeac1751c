import type { Grid } from "../../src/core/grid.js";

/** Voxels by index, the edge repeated outside. */
export function clampedVoxels(voxels: ArrayLike<number>, { size: [nx, ny, nz] }: Grid) {
  const held = (i: number, count: number) => Math.min(count - 1, Math.max(0, i));
  return (x: number, y: number, z: number) => voxels[(held(z, nz) * ny + held(y, ny)) * nx + held(x, nx)];
}

/** A value of each voxel by its index, z, y, x. */
export function mapIndices(
  { size: [nx, ny, nz] }: Grid,
  value: (x: number, y: number, z: number) => number,
): Float64Array {
  const result = new Float64Array(nx * ny * nz);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) result[i] = value(x, y, z);
  }
  return result;
}
