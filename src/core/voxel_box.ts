import type { Grid, Vec3 } from "./grid.js";

/** A box of voxels, half-open: x, y, z of its first voxel and of the first behind it. */
export interface VoxelBox {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** Whether it is of whole voxels, at least one, within the grid. */
export function isBoxWithin({ from, to }: VoxelBox, { size }: Grid): boolean {
  return [0, 1, 2].every(
    (axis) =>
      Number.isInteger(from[axis]) &&
      Number.isInteger(to[axis]) &&
      from[axis] >= 0 &&
      from[axis] < to[axis] &&
      to[axis] <= size[axis],
  );
}
