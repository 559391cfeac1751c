import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import { together } from "../../engine/round_trips.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels } from "../../ops/mask/count_voxels.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { boxMask } from "./box_mask.js";

/**
 * A side of the frame that cuts the patient shows less of the room than the other by this part, surely and
 * probably: whole chests differ by up to 0.16, halves of them by 0.4 and more, and by 0.1 and more where the
 * other side is cut too.
 */
const cutDifference = { sure: 0.25, probable: 0.1 } as const;

/** Of either side of the frame less than this is room where the field of view lies within the patient. */
const WITHIN_SHARE = 0.25;

/** Which sides of the frame, along x, show the room and not the patient, in parts of 1; axes are LPS. */
export interface FrameSides {
  readonly right: number;
  readonly left: number;
}

export function openSides(outside: BitMask, control: Control): Promise<FrameSides> {
  const [nx, ny, nz] = outside.grid.size;
  const shareAt = (x: number) =>
    withScratch(async (scratch) => {
      const side: [Vec3, Vec3] = [
        [x, 0, 0],
        [x, ny - 1, nz - 1],
      ];
      const column = scratch.own(await boxMask(outside, ...side));
      const open = scratch.own(await combineMasks(column, outside, { rule: "and", ...control }));
      return (await countVoxels(open, control)) / (ny * nz);
    });
  return together(
    outside.engine,
    () => shareAt(0),
    () => shareAt(nx - 1),
  ).then(([right, left]) => ({ right, left }));
}

/**
 * The side of the patient that a picture of one half shows: the one towards the room; undefined where both or
 * none seem to be cut off.
 */
export function shownSide(
  { right, left }: FrameSides,
  certainty: keyof typeof cutDifference,
): "right" | "left" | undefined {
  if (Math.abs(right - left) < cutDifference[certainty]) return undefined;
  return right > left ? "right" : "left";
}

/** Whether the field of view lies within the patient: on either side its frame shows next to no room. */
export function isWithinPatient({ right, left }: FrameSides): boolean {
  return right < WITHIN_SHARE && left < WITHIN_SHARE;
}
