import type { Grid } from "../../src/core/grid.js";
import type { ProjectionPlane } from "../../src/ops/project.js";

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
