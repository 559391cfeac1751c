import type { Grid } from "../../src/core/grid.js";
import type { ProjectionPlane } from "../../src/ops/project/project.js";

/** Maximum along one axis, voxel by voxel; rows and columns as `Projection` states them. */
export function projectReference(voxels: Int16Array, { size }: Grid, plane: ProjectionPlane): Int16Array {
  const [nx, ny, nz] = size;
  const width = plane === "sagittal" ? ny : nx;
  const height = plane === "axial" ? ny : nz;
  const result = new Int16Array(width * height).fill(-32768);
  for (let z = 0, n = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, n++) {
        const at = (plane === "axial" ? y : z) * width + (plane === "sagittal" ? y : x);
        result[at] = Math.max(result[at], voxels[n]);
      }
    }
  }
  return result;
}

/** What `gather` makes of voxels [from, end) of each ray along one axis. */
export function raysReference(
  voxels: Int16Array,
  { size }: Grid,
  plane: ProjectionPlane,
  gather: (ray: number[]) => number,
  from = 0,
  end = Number.POSITIVE_INFINITY,
): number[] {
  const [nx, ny, nz] = size;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const at = (x: number, y: number, z: number) => voxels[(z * ny + y) * nx + x];
  const ray = (count: number, voxel: (i: number) => number) =>
    gather(range(count).slice(from, Math.min(end, count)).map(voxel));
  if (plane === "axial") {
    return range(ny).flatMap((y) => range(nx).map((x) => ray(nz, (z) => at(x, y, z))));
  }
  if (plane === "coronal") {
    return range(nz).flatMap((z) => range(nx).map((x) => ray(ny, (y) => at(x, y, z))));
  }
  return range(nz).flatMap((z) => range(ny).map((y) => ray(nx, (x) => at(x, y, z))));
}

export const gatherReference = {
  maximum: (ray: number[]) => Math.max(...ray),
  minimum: (ray: number[]) => Math.min(...ray),
  sum: (ray: number[]) => ray.reduce((sum, hu) => sum + hu, 0),
  /** To the nearest integer, halves away from zero, in integers only. */
  average: (ray: number[]) => {
    const sum = ray.reduce((total, hu) => total + BigInt(hu), 0n);
    const [twice, count] = [2n * (sum < 0n ? -sum : sum), BigInt(ray.length)];
    const rounded = Number((twice + count) / (2n * count));
    return sum < 0n ? -rounded : rounded;
  },
};
