import type { Control } from "../../core/control.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { dilateEach } from "../../ops/mask/morphology.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";

/** Disjoint masks of one grid. */
export interface Sides {
  readonly right: BitMask;
  readonly left: BitMask;
}

/** Each step takes what a ball of this reaches, or of the distance of slices where that is more. */
const STEP_MM = 1.5;

/**
 * How far beyond the erosion the sides grow by turns; what is farther is joined to one of them only, or far
 * from both.
 */
const BEYOND_MM = 4;

/**
 * Grows two cores, made by an erosion of `erodedMm`, back to the whole they came from: both step by step at
 * one speed, so that they meet in the middle of what joined them; then each through all that is still free
 * and joined to it. Disjoint.
 */
export async function growApart(
  whole: BitMask,
  cores: Sides,
  erodedMm: number,
  control: Control,
): Promise<Sides> {
  const radiusMm = Math.max(STEP_MM, ...whole.grid.spacingMm);
  // What was not eroded is apart, and all there.
  const reachMm = erodedMm > 0 ? erodedMm + BEYOND_MM : 0;
  return withScratch(async (scratch) => {
    let { right, left } = cores;
    for (let reachedMm = 0; reachedMm < reachMm; reachedMm += radiusMm) {
      const wider = await stepApart(whole, { right, left }, radiusMm, control);
      scratch.own(wider.right);
      scratch.own(wider.left);
      if (right !== cores.right) scratch.free(right);
      if (left !== cores.left) scratch.free(left);
      ({ right, left } = wider);
    }
    const notLeft = scratch.own(await combineMasks(whole, left, { rule: "andNot", ...control }));
    const allRight = scratch.own(await growFrom(right, notLeft, control));
    const notRight = scratch.own(await combineMasks(whole, allRight, { rule: "andNot", ...control }));
    const allLeft = await growFrom(left, notRight, control);
    return { right: scratch.release(allRight), left: allLeft };
  });
}

/** One step of both; what both reach stays free. */
async function stepApart(
  whole: BitMask,
  { right, left }: Sides,
  radiusMm: number,
  control: Control,
): Promise<Sides> {
  const element = { shape: "ball", radiusMm } as const;
  return withScratch(async (scratch) => {
    const taken = scratch.own(await combineMasks(right, left, { rule: "or", ...control }));
    const free = scratch.own(await combineMasks(whole, taken, { rule: "andNot", ...control }));
    scratch.free(taken);
    const sides = [right, left].map((mask) => ({ mask, element }));
    const [nearRight, nearLeft] = await dilateEach(sides, control);
    scratch.own(nearRight);
    scratch.own(nearLeft);
    const toRight = scratch.own(await combineMasks(nearRight, nearLeft, { rule: "andNot", ...control }));
    const toLeft = scratch.own(await combineMasks(nearLeft, nearRight, { rule: "andNot", ...control }));
    for (const mask of [nearRight, nearLeft]) scratch.free(mask);
    const newRight = scratch.own(await combineMasks(free, toRight, { rule: "and", ...control }));
    const newLeft = scratch.own(await combineMasks(free, toLeft, { rule: "and", ...control }));
    for (const mask of [free, toRight, toLeft]) scratch.free(mask);
    const widerRight = scratch.own(await combineMasks(right, newRight, { rule: "or", ...control }));
    const widerLeft = await combineMasks(left, newLeft, { rule: "or", ...control });
    return { right: scratch.release(widerRight), left: widerLeft };
  });
}
