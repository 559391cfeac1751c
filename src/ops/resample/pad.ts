import type { Control } from "../../core/control.js";
import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, listOf, number, required } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { resample } from "./resample.js";
import { type Border, borderRule, refuse } from "./resample_options.js";

/** Voxels to add along x, y, z. */
export interface Padding {
  readonly before: Vec3;
  readonly behind: Vec3;
}

/**
 * The volume in a larger one; the voxels it had stay where they are in the patient. `border` says what is
 * around them: a value, or "clamp" for the outermost voxels repeated. Exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function pad(
  volume: CtVolume,
  options: Padding & { readonly border: Border } & Control,
): Promise<CtVolume> {
  checkVolume("pad", volume);
  const counts = required(listOf(number, "3 whole numbers", 3));
  const { before, behind, border, ...control } = checkOptions("pad", options, {
    ...controlRules,
    before: counts,
    behind: counts,
    border: required(borderRule),
  });
  const onto = paddedGrid(volume.grid, { before, behind });
  const padded = await resample(volume, { ...control, onto, border, kernel: "nearest" });
  return padded.withHistory(historyOf("pad", { before, behind, border }, volume));
}

/**
 * `grid` with voxels added.
 * @throws HounsfieldError `invalid-option`
 */
export function paddedGrid(grid: Grid, { before, behind }: Padding): Grid {
  if (![...before, ...behind].every((count) => Number.isInteger(count) && count >= 0)) {
    refuse("pad", { before, behind }, "whole voxels from 0");
  }
  const [x, y, z] = grid.size.map((count, axis) => count + before[axis] + behind[axis]);
  return { ...grid, size: [x, y, z], originMm: positionMm(grid, [-before[0], -before[1], -before[2]]) };
}
