import type { Control } from "../../core/control.js";
import { type Grid, positionMm } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, listOf, number, required } from "../../core/rules.js";
import { isBoxWithin, type VoxelBox } from "../../core/voxel_box.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { resample } from "./resample.js";
import { refuse } from "./resample_options.js";

/**
 * The voxels of a box, where they are in the patient. Exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function crop(volume: CtVolume, options: VoxelBox & Control): Promise<CtVolume> {
  checkVolume("crop", volume);
  const voxel = required(listOf(number, "3 whole numbers", 3));
  const { from, to, ...control } = checkOptions("crop", options, { ...controlRules, from: voxel, to: voxel });
  const onto = croppedGrid(volume.grid, { from, to });
  const cut = await resample(volume, { ...control, onto, kernel: "nearest" });
  return cut.withHistory(historyOf("crop", { from, to }, volume));
}

/**
 * The grid of a box within `grid`.
 * @throws HounsfieldError `invalid-option`
 */
export function croppedGrid(grid: Grid, { from, to }: VoxelBox): Grid {
  if (!isBoxWithin({ from, to }, grid))
    refuse("crop", { from, to }, `0 <= from < to <= ${grid.size.join(",")}, whole voxels`);
  return {
    ...grid,
    size: [to[0] - from[0], to[1] - from[1], to[2] - from[2]],
    originMm: positionMm(grid, from),
  };
}
