import { type Grid, voxelVolumeMm3 } from "../../src/core/grid.js";
import type { SurfaceDirection } from "../../src/ops/mask/surface_directions.js";

/** Twin of the Crofton estimate: walks every voxel's links both ways; what is outside is clear. */
export function surfaceVoxelsMm2(
  voxels: Uint8Array,
  grid: Grid,
  directions: readonly SurfaceDirection[],
): number {
  const [nx, ny, nz] = grid.size;
  const at = (x: number, y: number, z: number) =>
    x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz ? voxels[(z * ny + y) * nx + x] : 0;
  return directions.reduce((sum, { step: [dx, dy, dz], lengthMm, weight }) => {
    let crossings = 0;
    voxels.forEach((voxel, i) => {
      if (!voxel) return;
      const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      crossings += 2 - at(x + dx, y + dy, z + dz) - at(x - dx, y - dy, z - dz);
    });
    return sum + (2 * weight * crossings * voxelVolumeMm3(grid)) / lengthMm;
  }, 0);
}

/** Distances between the 6-neighbor surfaces of two masks by trying all pairs, both ways, ascending. */
export function surfaceVoxelDistances(one: Uint8Array, other: Uint8Array, grid: Grid): number[] {
  const places = [one, other].map((voxels) => surfacePlaces(voxels, grid));
  const nearest = (from: number[][], to: number[][]) =>
    from.map((a) =>
      to.reduce((least, b) => Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])), Infinity),
    );
  return [...nearest(places[0], places[1]), ...nearest(places[1], places[0])].sort((a, b) => a - b);
}

function surfacePlaces(
  voxels: Uint8Array,
  { size: [nx, ny, nz], spacingMm: [sx, sy, sz] }: Grid,
): number[][] {
  const places: number[][] = [];
  voxels.forEach((voxel, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const beside = [
      x > 0 ? voxels[i - 1] : 1,
      x < nx - 1 ? voxels[i + 1] : 1,
      y > 0 ? voxels[i - nx] : 1,
      y < ny - 1 ? voxels[i + nx] : 1,
      z > 0 ? voxels[i - nx * ny] : 1,
      z < nz - 1 ? voxels[i + nx * ny] : 1,
    ];
    if (voxel && beside.includes(0)) places.push([x * sx, y * sy, z * sz]);
  });
  return places;
}
