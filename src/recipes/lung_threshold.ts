import type { Control } from "../core/control.js";
import { checkOptions } from "../core/options.js";
import { atLeast, controlRules, number, within } from "../core/rules.js";
import { keepingFreed } from "../engine/round_trips.js";
import { fillHoles } from "../ops/mask/fill_holes.js";
import { keepLargeComponents } from "../ops/mask/keep_large_components.js";
import { removeBorderComponents } from "../ops/mask/remove_border_components.js";
import { threshold } from "../ops/mask/threshold.js";
import { withScratch } from "../ops/scratch.js";
import type { BitMask } from "../volume/bit_mask.js";
import { checkVolume } from "../volume/check_argument.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf } from "../volume/history.js";
import { requireHu } from "./plain_hu.js";

/** What the plain recipe may be told. */
export interface LungThresholdOptions {
  /** Air is below this. */
  readonly thresholdHu?: number;
  /**
   * Smallest part kept, as a fraction of the largest: a lung by itself is more than a tenth of two that
   * touch.
   */
  readonly minimumFraction?: number;
  /** Vessels and nodules up to this area in a slice are filled; the heart between the lungs is larger. */
  readonly maximumHoleMm2?: number;
}

/**
 * The lungs by the plain recipe that most tutorials share (LUNA16, Data Science Bowl 2017), airways included:
 * air below a threshold; per slice, no 4-connected part that touches the frame (the air around the patient,
 * clothing, table); in 3D, the largest 6-connected part and all not much smaller; per slice, small holes
 * filled. Integers only: bit-exact on every device.
 *
 * It takes bowel gas for lung, leaves dense disease at the pleura outside, and loses lung where the field of
 * view cuts the chest wall. Expects slices near the axial plane.
 * @throws HounsfieldError `invalid-option`, `wrong-units`, `limit-exceeded`, `out-of-memory`
 */
export async function lungThreshold(
  volume: CtVolume,
  options: LungThresholdOptions & Control = {},
): Promise<BitMask> {
  checkVolume("lungThreshold", volume);
  const { thresholdHu = AIR_BELOW_HU, ...rest } = checkOptions("lungThreshold", options, {
    ...controlRules,
    ...thresholdRules,
  });
  requireHu("lungThreshold", volume.values.units, volume.history);
  const { signal, onProgress } = rest;
  const lungs = await keepingFreed(volume.engine, async () =>
    lungsOfAir(await threshold(volume, { belowHu: thresholdHu, signal, onProgress }), rest),
  );
  return lungs.withHistory(historyOf("lungThreshold", options, volume));
}

export const thresholdRules = {
  thresholdHu: number,
  minimumFraction: /* @__PURE__ */ within(0, 1),
  maximumHoleMm2: /* @__PURE__ */ atLeast(0),
};

/** What `lungThreshold` takes for air unless told otherwise. */
export const AIR_BELOW_HU = -400;

/**
 * The rest of it, of the voxels that are air; that mask is used up.
 * @throws as `lungThreshold`
 */
export function lungsOfAir(
  air: BitMask,
  {
    minimumFraction = 0.1,
    maximumHoleMm2 = 400,
    ...control
  }: Omit<LungThresholdOptions, "thresholdHu"> & Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    scratch.own(air);
    const inside = scratch.own(await removeBorderComponents(air, control));
    scratch.free(air);
    const lungs = scratch.own(await keepLargeComponents(inside, { minimumFraction, ...control }));
    scratch.free(inside);
    return fillHoles(lungs, { maximumAreaMm2: maximumHoleMm2, ...control });
  });
}
