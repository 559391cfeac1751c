import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { StructuringElement } from "../../src/ops/mask/structuring_element.js";

/** The offsets of an element, by its definition: every offset within the grid's size is tried. */
export function elementOffsets(element: StructuringElement, grid: Grid): Vec3[] {
  const [nx, ny, nz] = grid.size;
  const offsets: Vec3[] = [];
  for (let dz = 1 - nz; dz < nz; dz++) {
    for (let dy = 1 - ny; dy < ny; dy++) {
      for (let dx = 1 - nx; dx < nx; dx++)
        if (belongs(element, grid, [dx, dy, dz])) offsets.push([dx, dy, dz]);
    }
  }
  return offsets;
}

function belongs(element: StructuringElement, { spacingMm }: Grid, offset: Vec3): boolean {
  const voxels = offset.map(Math.abs);
  if (element.shape === "box") return voxels.every((distance, axis) => distance <= element.reachVoxels[axis]);
  if (element.shape === "cross") return voxels[0] + voxels[1] + voxels[2] <= element.reachVoxels;
  if (element.shape === "disc" && offset[2] !== 0) return false;
  const squares = voxels.map((distance, axis) => (distance * spacingMm[axis]) ** 2);
  return squares[0] + squares[1] + squares[2] <= element.radiusMm ** 2 * (1 + 1e-9);
}

/** Every voxel that an offset of a set voxel reaches; voxels are bytes, 0 or 1, z, y, x. */
export function dilateVoxels(voxels: Uint8Array, [nx, ny, nz]: Vec3, offsets: readonly Vec3[]): Uint8Array {
  const dilated = new Uint8Array(voxels.length);
  voxels.forEach((voxel, i) => {
    if (!voxel) return;
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    for (const [dx, dy, dz] of offsets) {
      const [u, v, w] = [x + dx, y + dy, z + dz];
      if (u >= 0 && u < nx && v >= 0 && v < ny && w >= 0 && w < nz) dilated[(w * ny + v) * nx + u] = 1;
    }
  });
  return dilated;
}

/** Every set voxel whose offsets inside the volume are all set. */
export function erodeVoxels(voxels: Uint8Array, [nx, ny, nz]: Vec3, offsets: readonly Vec3[]): Uint8Array {
  return voxels.map((_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const fits = offsets.every(([dx, dy, dz]) => {
      const [u, v, w] = [x + dx, y + dy, z + dz];
      const outside = u < 0 || u >= nx || v < 0 || v >= ny || w < 0 || w >= nz;
      return outside || voxels[(w * ny + v) * nx + u] === 1;
    });
    return fits ? 1 : 0;
  });
}
