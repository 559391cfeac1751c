import type { Control } from "../../core/control.js";
import { fillHoles } from "../../ops/mask/fill_holes.js";
import { combineMasks } from "../../ops/mask/mask_logic.js";
import { closeMask } from "../../ops/mask/morphology.js";
import { resampleMask } from "../../ops/resample/resample_mask.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { Sides } from "./grow_apart.js";
import { boxAround, cropMask } from "./in_box.js";

/** Vessels and dense disease narrower than twice this come back at the border of a lung; in slices, for these may be far apart. */
const closingMm = 8;

/** Vessels and nodules up to this area in a slice are filled. The dome of the diaphragm, ringed by lung, is larger from its second slice on. */
const mostHoleMm2 = 400;

/**
 * Each lung by itself closed and filled, so that the mediastinum between them is never bridged: what both reach belongs to neither.
 * `air` is disjoint from `airways`, and so is the result. Disjoint.
 */
export async function closeLungs(air: Sides, airways: BitMask, control: Control): Promise<Sides> {
  return withScratch(async (scratch) => {
    const right = scratch.own(await closeLung(air.right, control));
    const left = scratch.own(await closeLung(air.left, control));
    const contested = scratch.own(await combineMasks(right, "and", left, control));
    const kept = scratch.own(await combineMasks(contested, "or", airways, control));
    const closedRight = scratch.own(await addClosed(air.right, right, kept, control));
    const closedLeft = await addClosed(air.left, left, kept, control);
    return { right: scratch.release(closedRight), left: closedLeft };
  });
}

function closeLung(lung: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    // A voxel more, for holes that touch the frame are none.
    const marginMm = closingMm + Math.max(...lung.grid.spacingMm);
    const box = await boxAround(lung, marginMm, control);
    if (!box) return combineMasks(lung, "and", lung, control);
    const near = scratch.own(await cropMask(lung, box, control));
    const closed = scratch.own(await closeMask(near, { shape: "disc", radiusMm: closingMm, ...control }));
    const filled = scratch.own(await fillHoles(closed, { maximumAreaMm2: mostHoleMm2, ...control }));
    return resampleMask(filled, { onto: lung.grid, ...control });
  });
}

/** `lung`, and what closing added to it outside `kept`. */
function addClosed(lung: BitMask, closed: BitMask, kept: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const added = scratch.own(await combineMasks(closed, "andNot", kept, control));
    return combineMasks(lung, "or", added, control);
  });
}
