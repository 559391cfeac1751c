import type { Control } from "../../core/control.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { dilate } from "../../ops/mask/morphology.js";
import { threshold } from "../../ops/mask/threshold.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import { type BitMask, createMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { findAirways } from "./airways.js";
import { findBody } from "./body.js";
import { findLungAir } from "./candidates.js";
import { closeLungs } from "./close_lungs.js";
import type { Sides } from "./grow_apart.js";
import { airBelowHu, findInnerAir, findOutside } from "./inner_air.js";
import type { LungQuality, NoLungReason } from "./judge.js";
import { measureLungs } from "./measure.js";
import { splitLungs } from "./split.js";

/** Masks of one grid, disjoint. */
export interface LungParts extends Sides {
  readonly airways: BitMask;
  readonly quality: LungQuality;
}

/** Voxels partly of the wall of the bronchi: what is within this of their air is none of the lung's. */
const bronchialWallMm = 2;

/** The whole recipe on a volume with LPS axes; docs/lung-mask.md explains each step. */
export async function refineLungs(volume: CtVolume, control: Control): Promise<LungParts> {
  const { signal } = control;
  const steps = stepCounter(control, 6);
  return withScratch(async (scratch) => {
    const air = scratch.own(await threshold(volume, { belowHu: airBelowHu, signal }));
    const body = await findBody(air, { signal });
    if (!body) return noLungs(volume, "no-body").finally(steps.end);
    scratch.own(body.enclosed);
    const outside = scratch.own(await findOutside(volume, body, { signal }));
    const innerAir = scratch.own(await findInnerAir(air, outside, body, { signal }));
    steps.done();
    const middleX = (body.minimum[0] + body.maximum[0]) / 2;
    const lumen = scratch.own(await findAirways(volume, innerAir, middleX, { signal }));
    const bronchi = scratch.own(await dilate(lumen, { shape: "ball", radiusMm: bronchialWallMm, signal }));
    steps.done();
    const lungAir = await findLungAir(volume, { air, innerAir, airways: bronchi }, { signal });
    if (typeof lungAir === "string") return noLungs(volume, lungAir).finally(steps.end);
    scratch.own(lungAir);
    steps.done();
    const split = owned(scratch, await splitLungs(lungAir, middleX, { signal }));
    steps.done();
    const reserved = scratch.own(await combineMasks(bronchi, outside, { rule: "or", signal }));
    const lungs = owned(scratch, await closeLungs(split, reserved, { signal }));
    steps.done();
    const airways = scratch.own(await combineMasks(bronchi, air, { rule: "and", signal }));
    const quality = await measureLungs({ ...lungs, airways }, { air, outside }, { signal });
    steps.done();
    for (const mask of [lungs.right, lungs.left, airways]) scratch.release(mask);
    return { ...lungs, airways, quality };
  });
}

function owned(scratch: Scratch, { right, left }: Sides): Sides {
  return { right: scratch.own(right), left: scratch.own(left) };
}

function noLungs({ engine, grid }: CtVolume, reason: NoLungReason): Promise<LungParts> {
  return withScratch(async (scratch) => {
    const empty = async () => scratch.own(await createMask(engine, grid, "no lungs"));
    const [right, left, airways] = [await empty(), await empty(), await empty()];
    for (const mask of [right, left, airways]) scratch.release(mask);
    return { right, left, airways, quality: { verdict: "no-lungs", reason } };
  });
}

/** Reports one of `total` steps done at each call of `done`, and all of them at `end`. */
function stepCounter({ onProgress }: Control, total: number) {
  let steps = 0;
  const report = () => onProgress?.({ stage: "lung mask", done: steps, total });
  const done = () => {
    steps++;
    report();
  };
  const end = () => {
    steps = total;
    report();
  };
  report();
  return { done, end };
}
