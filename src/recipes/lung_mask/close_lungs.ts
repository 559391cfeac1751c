import type { Control } from "../../core/control.js";
import { together } from "../../engine/round_trips.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { fillHoles } from "../../ops/mask/fill_holes.js";
import { closeEach, type MaskAndElement } from "../../ops/mask/morphology.js";
import { resampleMask } from "../../ops/resample/resample_mask.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { Sides } from "./grow_apart.js";
import { boxAround, cropMask } from "./in_box.js";

/**
 * Vessels and dense disease narrower than twice this come back at the border of a lung; in slices, for these
 * may be far apart.
 */
const CLOSING_MM = 8;

const disc = { shape: "disc", radiusMm: CLOSING_MM } as const;

/**
 * Vessels and nodules up to this area in a slice are filled. The dome of the diaphragm, ringed by lung, is
 * larger from its second slice on.
 */
const MOST_HOLE_MM2 = 400;

/**
 * Each lung by itself closed and filled, so that the mediastinum between them is never bridged: what both
 * reach belongs to neither. `air` is disjoint from `airways`, and so is the result. Disjoint.
 */
export async function closeLungs(air: Sides, airways: BitMask, control: Control): Promise<Sides> {
  return withScratch(async (scratch) => {
    const [right, left] = await closeEachLung([air.right, air.left], control);
    scratch.own(right);
    scratch.own(left);
    const contested = scratch.own(await combineMasks(right, left, { rule: "and", ...control }));
    const kept = scratch.own(await combineMasks(contested, airways, { rule: "or", ...control }));
    scratch.free(contested);
    const closedRight = scratch.own(await addClosed(air.right, right, kept, control));
    scratch.free(right);
    const closedLeft = await addClosed(air.left, left, kept, control);
    return { right: scratch.release(closedRight), left: closedLeft };
  });
}

/** Side by side what little is to be known of them first, one after the other what takes memory. */
function closeEachLung(lungs: readonly BitMask[], control: Control): Promise<BitMask[]> {
  return withScratch(async (scratch) => {
    // A voxel more, for holes that touch the frame are none.
    const marginMm = CLOSING_MM + Math.max(...lungs[0].grid.spacingMm);
    const boxing = lungs.map((lung) => () => boxAround(lung, marginMm, control));
    const boxes = await together(lungs[0].engine, ...boxing);
    const jobs: (MaskAndElement & { readonly lung: BitMask })[] = [];
    for (const [i, lung] of lungs.entries()) {
      const box = boxes[i];
      if (box) jobs.push({ lung, mask: scratch.own(await cropMask(lung, box, control)), element: disc });
    }
    const closed = await closeEach(jobs, control);
    for (const mask of closed) scratch.own(mask);
    const whole = new Map<BitMask, BitMask>();
    for (const [i, { lung, mask }] of jobs.entries()) {
      scratch.free(mask);
      whole.set(lung, scratch.own(await fillClosed(closed[i], lung, control)));
      scratch.free(closed[i]);
    }
    // An empty lung stays as it is.
    for (const lung of lungs)
      if (!whole.has(lung))
        whole.set(lung, scratch.own(await combineMasks(lung, lung, { rule: "and", ...control })));
    return lungs.map((lung) => scratch.release(whole.get(lung) ?? lung));
  });
}

/** The closed part of `lung` with its holes filled, on the whole grid. */
function fillClosed(closed: BitMask, lung: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const filled = scratch.own(await fillHoles(closed, { maximumAreaMm2: MOST_HOLE_MM2, ...control }));
    return resampleMask(filled, { onto: lung.grid, ...control });
  });
}

/** `lung`, and what closing added to it outside `kept`. */
function addClosed(lung: BitMask, closed: BitMask, kept: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const added = scratch.own(await combineMasks(closed, kept, { rule: "andNot", ...control }));
    return combineMasks(lung, added, { rule: "or", ...control });
  });
}
