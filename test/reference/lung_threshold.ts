import type { Grid } from "../../src/core/grid.js";
import { fillVoxelHoles } from "./fill_holes.js";
import { keepLargeVoxels } from "./keep_large_components.js";
import { removeBorderVoxels } from "./remove_border_components.js";
import { thresholdVoxels } from "./threshold.js";

/** The basic recipe with its usual numbers. */
export function lungThresholdVoxels(hu: Int16Array, { size, spacingMm }: Grid): Uint8Array {
  const air = thresholdVoxels(hu, { belowHu: -400 });
  const lungs = keepLargeVoxels(removeBorderVoxels(air, size), size, 0.1);
  return fillVoxelHoles(lungs, size, Math.floor(400 / (spacingMm[0] * spacingMm[1])));
}
