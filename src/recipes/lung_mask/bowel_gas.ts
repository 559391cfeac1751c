import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { keepByShare } from "../../ops/mask/keep_by_share.js";
import { withListed } from "../../ops/mask/list_components.js";
import { dilateEach } from "../../ops/mask/morphology.js";
import { threshold } from "../../ops/mask/threshold.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";

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
 * Gas among `candidates` that lies in soft tissue rather than in lung, with its rim: bowel and stomach, even where the dome of the
 * diaphragm is so thin that they join the lung. Undefined where there is none. `air` is all air.
 */
export async function findBowelGas(
  volume: CtVolume,
  air: BitMask,
  candidates: BitMask,
  control: Control,
): Promise<BitMask | undefined> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await threshold(volume, { belowHu: gasBelowHu, ...control }));
    const gas = scratch.own(await combineMasks(thin, candidates, { rule: "and", ...control }));
    const leastVoxels = (leastMl * 1000) / voxelVolumeMm3(volume.grid);
    const list = { maximumComponents: mostBlobs, ...control };
    const large = await withListed(gas, list, async ({ components, keep }) => {
      const blobs = components.filter(({ voxels }) => voxels >= leastVoxels).length;
      return blobs > 0 ? scratch.own(await keep(blobs)) : undefined;
    });
    if (!large) return undefined;
    const balls = [rimMm, shellMm].map((radiusMm) => ({ mask: large, element: ballOf(radiusMm) }));
    const [rim, around] = await dilateEach(balls, control);
    scratch.own(rim);
    scratch.own(around);
    const walled = scratch.own(await walledBlobs({ around, rim, gas: thin, air }, control));
    return combineMasks(rim, walled, { rule: "and", ...control });
  });
}

function ballOf(radiusMm: number) {
  return { shape: "ball", radiusMm } as const;
}

interface GasMasks {
  /** The blobs with their rims and the shells beyond. */
  readonly around: BitMask;
  readonly rim: BitMask;
  /** All gas, other blobs too: neither lung nor tissue. */
  readonly gas: BitMask;
  readonly air: BitMask;
}

/** Of the blobs with all around them, those that do not lie in lung. */
function walledBlobs({ around, rim, gas, air }: GasMasks, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const beyond = scratch.own(await combineMasks(around, rim, { rule: "andNot", ...control }));
    const shell = scratch.own(await combineMasks(beyond, gas, { rule: "andNot", ...control }));
    const lung = scratch.own(await combineMasks(shell, air, { rule: "and", ...control }));
    return keepByShare(around, { part: lung, whole: shell, shareBelow: lungShareBelow, ...control });
  });
}
