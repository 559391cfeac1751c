import type { Control } from "../../core/control.js";
import { countVoxels, countVoxelsPerSlice } from "../../ops/count_voxels.js";
import { keepLargeComponents } from "../../ops/keep_large_components.js";
import { combineMasks } from "../../ops/mask_logic.js";
import { withScratch } from "../../ops/scratch.js";
import { threshold } from "../../ops/threshold.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { findBowelGas } from "./bowel_gas.js";
import type { NoLungReason } from "./judge.js";

/** Parts smaller than this part of the largest are gas elsewhere, or noise; a lung by itself is more. */
const leastPart = 0.05;

/** The air of both lungs, in the slice where it is most: two adult lungs reach 250 cm2, a child's 60. Sinuses and bowel stay below, or fail by density. */
const leastAreaMm2 = 2500;

/** The density of lung, emphysema apart; sinuses and bowel are below it but for their rims. */
const lungHu = { fromHu: -950, belowHu: -500 } as const;
const leastLungPart = 0.3;

/** The air of the lungs among the air of the body, airways and bowel gas taken out; or why there is none. */
export async function findLungAir(
  volume: CtVolume,
  innerAir: BitMask,
  airways: BitMask,
  control: Control,
): Promise<BitMask | NoLungReason> {
  return withScratch(async (scratch) => {
    const air = scratch.own(await combineMasks(innerAir, "andNot", airways, control));
    const bowel = await findBowelGas(volume, air, control);
    const breathed = bowel
      ? scratch.own(await combineMasks(air, "andNot", scratch.own(bowel), control))
      : air;
    const large = scratch.own(
      await keepLargeComponents(breathed, { minimumFraction: leastPart, ...control }),
    );
    const perSlice = await countVoxelsPerSlice(large, control);
    const [sx, sy] = volume.grid.spacingMm;
    const most = perSlice.reduce((a, b) => Math.max(a, b), 0);
    if (most * sx * sy < leastAreaMm2) return "no-lung-sized-air";
    const ofLung = scratch.own(await threshold(volume, { ...lungHu, ...control }));
    const tissue = scratch.own(await combineMasks(large, "and", ofLung, control));
    const all = perSlice.reduce((sum, count) => sum + count, 0);
    if ((await countVoxels(tissue, control)) < leastLungPart * all) return "not-lung-tissue";
    return scratch.release(large);
  });
}
