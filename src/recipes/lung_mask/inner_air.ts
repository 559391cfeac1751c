import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { keepLargeComponents } from "../../ops/mask/keep_large_components.js";
import { listComponents } from "../../ops/mask/list_components.js";
import { combineMasks, invertMask } from "../../ops/mask/mask_logic.js";
import { dilate, erode } from "../../ops/mask/morphology.js";
import { removeBorderComponents } from "../../ops/mask/remove_border_components.js";
import { threshold } from "../../ops/mask/threshold.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { boxMask } from "./box_mask.js";

/** Lung, airways and bowel gas are below this; their walls, vessels and all else of the body above. */
export const airBelowHu = -400;

/**
 * Room air and padding are below this, lung is above but for a few voxels in a hundred. So a lung that the field of view cuts is not
 * taken for the air around the patient, though it touches the frame as that does.
 */
const roomAirBelowHu = -930;

/** The skin's voxels are partly air: this many beyond the room's air go with it. */
const skinVoxels = 2;

/** Worn off, so that the table's shell and clothes do not join the body. */
const shellMm = 3;

/** Parts smaller than this part of the largest do not lead to a lung; a pocket in a mattress may be one. */
const largePart = 0.05;

/** A box of voxels, both corners inside. */
export interface BodyBox {
  readonly minimum: Vec3;
  readonly maximum: Vec3;
}

/**
 * Per slice, what is as thin as room air and reaches the frame: the room, padding around a round field of view, the hollow of the
 * table. With the skin.
 */
export async function findOutside(volume: CtVolume, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await threshold(volume, { belowHu: roomAirBelowHu, ...control }));
    const enclosed = scratch.own(await removeBorderComponents(thin, control));
    const room = scratch.own(await combineMasks(thin, "andNot", enclosed, control));
    return dilate(room, { shape: "box", reachVoxels: [skinVoxels, skinVoxels, 0], ...control });
  });
}

/** The box of the body: what lies beside it, a mattress of foam as light as lung, is none of its air. Undefined where there is no tissue. */
export async function findBody(air: BitMask, control: Control): Promise<BodyBox | undefined> {
  return withScratch(async (scratch) => {
    const { size, spacingMm } = air.grid;
    const reach: Vec3 = [Math.ceil(shellMm / spacingMm[0]), Math.ceil(shellMm / spacingMm[1]), 0];
    const tissue = scratch.own(await invertMask(air, control));
    const worn = scratch.own(await erode(tissue, { shape: "box", reachVoxels: reach, ...control }));
    const { components } = await listComponents(worn, { maximumComponents: 1, ...control });
    if (components.length === 0) return undefined;
    const [{ minimum, maximum }] = components;
    const each = (of: (axis: number) => number): Vec3 => [of(0), of(1), of(2)];
    return {
      minimum: each((axis) => Math.max(0, minimum[axis] - reach[axis])),
      maximum: each((axis) => Math.min(size[axis] - 1, maximum[axis] + reach[axis])),
    };
  });
}

/**
 * Air inside the body: per slice, what does not reach the frame; and what in the volume is joined to the large parts of that without
 * leading outside: lung in slices where the field of view cuts it. Foam and clothes as light as lung are neither.
 */
export async function findInnerAir(
  air: BitMask,
  outside: BitMask,
  body: BodyBox,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const box = scratch.own(await boxMask(outside, body.minimum, body.maximum));
    const enclosed = scratch.own(await removeBorderComponents(air, control));
    const inBody = scratch.own(await combineMasks(enclosed, "and", box, control));
    const large = scratch.own(await keepLargeComponents(inBody, { minimumFraction: largePart, ...control }));
    const notOutside = scratch.own(await combineMasks(air, "andNot", outside, control));
    const reachable = scratch.own(await combineMasks(notOutside, "and", box, control));
    const joined = scratch.own(await growFrom(large, reachable, control));
    return combineMasks(inBody, "or", joined, control);
  });
}
