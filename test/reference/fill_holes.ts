import type { Vec3 } from "../../src/core/grid.js";
import { floodComponents, keepComponents } from "./components.js";

/**
 * Holes of at most `maximumVoxels` filled: 4-connected and off the frame in each slice, or 6-connected and
 * off all six faces.
 */
export function fillVoxelHoles(
  voxels: Uint8Array,
  size: Vec3,
  maximumVoxels = Number.POSITIVE_INFINITY,
  perSlice = true,
): Uint8Array {
  const background = floodComponents(
    voxels.map((voxel) => 1 - voxel),
    size,
    perSlice ? 4 : 6,
  );
  const holes = keepComponents(
    background,
    (part) => !part.frame && (perSlice || !part.ends) && part.voxels <= maximumVoxels,
  );
  return voxels.map((voxel, i) => voxel | holes[i]);
}
