import type { Grid, Vec3 } from "../../src/core/grid.js";

// Values between voxels in f64, from first principles: no code shared with src/render. Places are fractional
// voxel indices.

/**
 * The volume reaches to the outer faces of its voxels. A face is met by rounding: a billionth of a voxel
 * beside it is still on it.
 */
export function isInVolume({ size }: Grid, [x, y, z]: Vec3): boolean {
  const low = -0.5 - 1e-9;
  return (
    x >= low &&
    y >= low &&
    z >= low &&
    x <= size[0] + low + 2e-9 &&
    y <= size[1] + low + 2e-9 &&
    z <= size[2] + low + 2e-9
  );
}

/** Linear between the eight voxels around; beyond the last centers the edge value goes on. */
export function trilinear({ size }: Grid, values: ArrayLike<number>, [x, y, z]: Vec3): number {
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [x0 + (corner & 1), y0 + ((corner >> 1) & 1), z0 + (corner >> 2)];
    const weight = near(x, i) * near(y, j) * near(z, k);
    if (weight > 0)
      sum += weight * values[held(i, size[0]) + size[0] * (held(j, size[1]) + size[1] * held(k, size[2]))];
  }
  return sum;
}

/** Change a mm along the volume's axes: central differences over a voxel on each side. */
export function gradient(grid: Grid, values: ArrayLike<number>, [x, y, z]: Vec3): Vec3 {
  const rise = (dx: number, dy: number, dz: number) =>
    trilinear(grid, values, [x + dx, y + dy, z + dz]) - trilinear(grid, values, [x - dx, y - dy, z - dz]);
  const [sx, sy, sz] = grid.spacingMm;
  return [rise(1, 0, 0) / (2 * sx), rise(0, 1, 0) / (2 * sy), rise(0, 0, 1) / (2 * sz)];
}

/** mm (LPS) along the volume's own axes: the transposed direction undoes an orthonormal one. */
export function alongAxes({ direction: d }: Grid, [x, y, z]: Vec3): Vec3 {
  return [d[0] * x + d[3] * y + d[6] * z, d[1] * x + d[4] * y + d[7] * z, d[2] * x + d[5] * y + d[8] * z];
}

function near(place: number, voxel: number): number {
  return 1 - Math.abs(place - voxel);
}

function held(i: number, count: number): number {
  return Math.min(count - 1, Math.max(0, i));
}
