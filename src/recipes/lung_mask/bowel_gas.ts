import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { keepByShare } from "../../ops/keep_by_share.js";
import { keepLargest } from "../../ops/keep_largest.js";
import { listComponents } from "../../ops/list_components.js";
import { combineMasks } from "../../ops/mask_logic.js";
import { dilate } from "../../ops/morphology.js";
import { withScratch } from "../../ops/scratch.js";
import { threshold } from "../../ops/threshold.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { airBelowHu } from "./inner_air.js";

/** Gas without tissue in it: bowel, stomach, bullae and the emptiest emphysema. */
const gasBelowHu = -950;

/** Smaller bubbles do not join the lung, or do no harm. */
const leastMl = 5;

/** At most this many are looked at. In emphysema there are many, and none is bowel. */
const mostBlobs = 64;

/** Voxels up to here from the gas are partly gas; the shell beyond them shows what it lies in. */
const rimMm = 3;
const shellMm = 6;

/** Of the shell around bowel less than this is lung (0.03 in two patients); around bullae and widened bronchi 0.6 to 0.8. */
const lungShareBelow = 0.25;

/**
 * Gas in `air` that lies in soft tissue rather than in lung, with its rim: bowel and stomach, even where the dome of the
 * diaphragm is so thin that they join the lung. Undefined where there is none.
 */
export async function findBowelGas(
  volume: CtVolume,
  air: BitMask,
  control: Control,
): Promise<BitMask | undefined> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await threshold(volume, { belowHu: gasBelowHu, ...control }));
    const gas = scratch.own(await combineMasks(thin, "and", air, control));
    const { components } = await listComponents(gas, { maximumComponents: mostBlobs, ...control });
    const leastVoxels = (leastMl * 1000) / voxelVolumeMm3(volume.grid);
    const blobs = components.filter(({ voxels }) => voxels >= leastVoxels).length;
    if (blobs === 0) return undefined;
    const large = scratch.own(await keepLargest(gas, blobs, control));
    const rim = scratch.own(await dilate(large, { shape: "ball", radiusMm: rimMm, ...control }));
    const around = scratch.own(await dilate(large, { shape: "ball", radiusMm: shellMm, ...control }));
    const walled = scratch.own(await walledBlobs(volume, { around, rim, gas: thin }, control));
    return combineMasks(rim, "and", walled, control);
  });
}

/** Of the surroundings of the blobs, those that are not lung. */
async function walledBlobs(
  volume: CtVolume,
  { around, rim, gas }: { readonly around: BitMask; readonly rim: BitMask; readonly gas: BitMask },
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const beyond = scratch.own(await combineMasks(around, "andNot", rim, control));
    const shell = scratch.own(await combineMasks(beyond, "andNot", gas, control));
    const light = scratch.own(await threshold(volume, { belowHu: airBelowHu, ...control }));
    const lung = scratch.own(await combineMasks(shell, "and", light, control));
    return keepByShare(around, { part: lung, whole: shell, shareBelow: lungShareBelow, ...control });
  });
}
