import type { Control } from "../../core/control.js";
import { together } from "../../engine/round_trips.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels, countVoxelsPerSlice } from "../../ops/mask/count_voxels.js";
import { keepLargeComponents } from "../../ops/mask/keep_large_components.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { sortGas } from "./bowel_gas.js";
import type { HuSource } from "./hu_source.js";
import type { NoLungReason } from "./judge.js";

/** Parts smaller than this part of the largest are gas elsewhere, or noise; a lung by itself is more. */
const LEAST_PART = 0.05;

/**
 * The air of both lungs, in the slice where it is most: two adult lungs reach 250 cm2, a child's 60. Sinuses
 * and bowel stay below, or fail by density.
 */
const LEAST_AREA_MM2 = 2500;

/**
 * The density of lung; sinuses and bowel are below it but for their rims, and so is emphysema, which its
 * place or form tells.
 */
export const lungHu = { fromHu: -950, belowHu: -500 } as const;
const LEAST_LUNG_PART = 0.3;

interface AirMasks {
  /** Is used up. */
  readonly innerAir: BitMask;
  readonly airways: BitMask;
  /** The slice in which the trachea ends, where there is one. */
  readonly carinaZ: number | undefined;
}

/** The air of the lungs among that inside the body, airways and bowel gas taken out; or why there is none. */
export async function findLungAir(
  volume: HuSource,
  { innerAir, airways, carinaZ }: AirMasks,
  control: Control,
): Promise<BitMask | NoLungReason> {
  return withScratch(async (scratch) => {
    scratch.own(innerAir);
    const free = scratch.own(await combineMasks(innerAir, airways, { rule: "andNot", ...control }));
    scratch.free(innerAir);
    const gas = await sortGas(volume, free, carinaZ, control);
    for (const mask of gas ? [gas.bowel, gas.lung] : []) scratch.own(mask);
    const breathed = gas
      ? scratch.own(await combineMasks(free, gas.bowel, { rule: "andNot", ...control }))
      : free;
    if (gas) for (const mask of [gas.bowel, free]) scratch.free(mask);
    const large = await keepLargeComponents(breathed, { minimumFraction: LEAST_PART, ...control });
    scratch.own(large);
    scratch.free(breathed);
    const reason = await whyNoLungs(volume, large, gas?.lung, control);
    return reason ?? scratch.release(large);
  });
}

async function whyNoLungs(
  volume: HuSource,
  air: BitMask,
  emphysema: BitMask | undefined,
  control: Control,
): Promise<NoLungReason | undefined> {
  return withScratch(async (scratch) => {
    const dense = scratch.own(await volume.threshold({ ...lungHu, ...control }));
    const ofLung = emphysema
      ? scratch.own(await combineMasks(dense, emphysema, { rule: "or", ...control }))
      : dense;
    const tissue = scratch.own(await combineMasks(air, ofLung, { rule: "and", ...control }));
    const [perSlice, lungVoxels] = await together(
      volume.engine,
      () => countVoxelsPerSlice(air, control),
      () => countVoxels(tissue, control),
    );
    const [sx, sy] = volume.grid.spacingMm;
    const most = perSlice.reduce((a, b) => Math.max(a, b), 0);
    if (most * sx * sy < LEAST_AREA_MM2) return "no-lung-sized-air";
    const all = perSlice.reduce((sum, count) => sum + count, 0);
    return lungVoxels < LEAST_LUNG_PART * all ? "not-lung-tissue" : undefined;
  });
}
