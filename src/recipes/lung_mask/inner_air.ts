import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { keepByShare } from "../../ops/mask/keep_by_share.js";
import { keepLargeComponents } from "../../ops/mask/keep_large_components.js";
import { withListed } from "../../ops/mask/list_components.js";
import { dilate, erode } from "../../ops/mask/morphology.js";
import { removeBorderComponents } from "../../ops/mask/remove_border_components.js";
import { withScratch } from "../../ops/scratch.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import type { Body } from "./body.js";
import { boxMask } from "./box_mask.js";
import type { HuSource } from "./hu_source.js";

/** Lung, airways and bowel gas are below this; their walls, vessels and all else of the body above. */
export const AIR_BELOW_HU = -400;

/**
 * Room air and padding are below this, lung is above but for a few voxels in a hundred. So a lung that the
 * field of view cuts is not taken for the air around the patient, though it touches the frame as that does.
 */
export const ROOM_AIR_BELOW_HU = -930;

/**
 * In a field of view within the chest lung fills the frame, and its emptiest voxels would pass for the room.
 * Air that is the room's is below this.
 */
export const CERTAIN_ROOM_BELOW_HU = -970;

/** The skin's voxels are partly air: this many beyond the room's air go with it. */
const SKIN_VOXELS = 2;

/**
 * Folds of cloth are thin: few of their voxels lie more than 3 mm from the edge. A truncated lung has many
 * that do.
 */
const FOLD_MM = 3;
const FOLD_SHARE_BELOW = 0.25;

/**
 * Cut lung lies over what is as deep as this in the lung of the next slice. From its rim thick slices lead
 * through the wall to what lies beside the chest.
 */
const DEPTH_MM = 10;

/** Parts smaller than this part of the largest do not lead to a lung; a pocket in a mattress may be one. */
const LARGE_PART = 0.05;

/**
 * Air pockets in blankets are at least 3 mm wide and 8 ml large; very low HU inside a truncated lung comes in
 * smaller pieces.
 */
const POCKET_MM = 3;
const LEAST_POCKET_ML = 8;
const MOST_POCKETS = 64;

/**
 * Per slice, what is as thin as room air and reaches the frame: the room, padding around a round field of
 * view, the hollow of the table; and in 3D pockets of such air outside the body, in blankets. With the skin.
 * `padding` is outside whatever its value.
 */
export async function findOutside(
  volume: HuSource,
  body: Body,
  padding: BitMask | undefined,
  control: Control,
  belowHu: number = ROOM_AIR_BELOW_HU,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const empty = scratch.own(await volume.threshold({ belowHu, ...control }));
    const thin = padding
      ? scratch.own(await combineMasks(empty, padding, { rule: "or", ...control }))
      : empty;
    if (thin !== empty) scratch.free(empty);
    const inner = scratch.own(await removeBorderComponents(thin, control));
    const room = scratch.own(await combineMasks(thin, inner, { rule: "andNot", ...control }));
    scratch.free(thin);
    const loose = scratch.own(await combineMasks(inner, body.enclosed, { rule: "andNot", ...control }));
    scratch.free(inner);
    const pockets = scratch.own(await keepPockets(loose, control));
    scratch.free(loose);
    const all = scratch.own(await combineMasks(room, pockets, { rule: "or", ...control }));
    scratch.free(room);
    scratch.free(pockets);
    return dilate(all, { shape: "box", reachVoxels: [SKIN_VOXELS, SKIN_VOXELS, 0], ...control });
  });
}

async function keepPockets(loose: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const disc = { shape: "disc", radiusMm: POCKET_MM, ...control } as const;
    const wide = scratch.own(await erode(loose, disc));
    const leastVoxels = (LEAST_POCKET_ML * 1000) / voxelVolumeMm3(loose.grid);
    const list = { maximumComponents: MOST_POCKETS, ...control };
    const kept = await withListed(wide, list, async ({ components, keep }) => {
      const pockets = components.filter(({ voxels }) => voxels >= leastVoxels).length;
      return pockets > 0 ? scratch.own(await keep(pockets)) : undefined;
    });
    scratch.free(wide);
    return kept ? dilate(kept, disc) : allocateMask(loose.engine, loose.grid, "no pockets");
  });
}

/**
 * Air inside the body: per slice, what its tissue shuts off from the frame; and what in the volume is joined
 * to the large parts of that without leading outside: lung in slices where the field of view cuts it. Foam
 * and clothes as light as lung are neither, nor are pockets of air in the folds of a blanket.
 */
export async function findInnerAir(
  air: BitMask,
  outside: BitMask,
  body: Body,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const inBody = scratch.own(await combineMasks(body.enclosed, air, { rule: "and", ...control }));
    const notOutside = scratch.own(await combineMasks(air, outside, { rule: "andNot", ...control }));
    const box = scratch.own(await boxMask(outside, body.minimum, body.maximum));
    const reachable = scratch.own(await combineMasks(notOutside, box, { rule: "and", ...control }));
    scratch.free(notOutside);
    scratch.free(box);
    const loose = scratch.own(await combineMasks(reachable, inBody, { rule: "andNot", ...control }));
    scratch.free(reachable);
    const unfolded = scratch.own(await withoutFolds(loose, control));
    scratch.free(loose);
    const large = scratch.own(await keepLargeComponents(inBody, { minimumFraction: LARGE_PART, ...control }));
    const deep = scratch.own(await erode(large, { shape: "disc", radiusMm: DEPTH_MM, ...control }));
    scratch.free(large);
    const free = scratch.own(await combineMasks(unfolded, deep, { rule: "or", ...control }));
    scratch.free(unfolded);
    const joined = scratch.own(await growFrom(deep, free, control));
    return combineMasks(inBody, joined, { rule: "or", ...control });
  });
}

function withoutFolds(loose: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const wide = scratch.own(await erode(loose, { shape: "disc", radiusMm: FOLD_MM, ...control }));
    const measured = { part: wide, whole: loose, shareBelow: FOLD_SHARE_BELOW };
    const folds = scratch.own(await keepByShare(loose, { ...measured, ...control }));
    scratch.free(wide);
    return combineMasks(loose, folds, { rule: "andNot", ...control });
  });
}
