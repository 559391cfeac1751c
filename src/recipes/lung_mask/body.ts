import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import { combineMasks, invertMask } from "../../ops/mask/combine_masks.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { withListed } from "../../ops/mask/list_components.js";
import { dilate, erodeEach } from "../../ops/mask/morphology.js";
import { removeBorderComponents } from "../../ops/mask/remove_border_components.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";

/** Worn off, so that the table's shell and clothes do not join the body. */
const SHELL_MM = 3;

/** With half the shell worn off the wall over a thin patient's ribs still holds together. */
const WALL_MM = 1.5;
/** Tissue joined to that and within so many shells of it is the body's: skin, walls of bronchi. */
const FRINGE_SHELLS = 8;

export interface Body {
  /** Skin, walls, vessels and all that is as dense, without table and blanket. */
  readonly tissue: BitMask;
  /**
   * What its tissue shuts off from the frame of each slice: lung, bowel, vessels; not the folds of a blanket.
   */
  readonly enclosed: BitMask;
  /** The box around it, both corners inside. */
  readonly minimum: Vec3;
  readonly maximum: Vec3;
}

/** The body in a volume with LPS axes; undefined where there is no tissue. `air` is all air. */
export async function findBody(air: BitMask, control: Control): Promise<Body | undefined> {
  return withScratch(async (scratch) => {
    const { size, spacingMm } = air.grid;
    const reach = inSlices(spacingMm, (spacing) => Math.ceil(SHELL_MM / spacing));
    const all = scratch.own(await invertMask(air, control));
    // Pixels wider than that are not worn off: three of them in a row would be more than a wall.
    const wallReach = inSlices(spacingMm, (spacing) => Math.floor(WALL_MM / spacing));
    const boxes = [reach, wallReach].map((reachVoxels) => ({ shape: "box", reachVoxels }) as const);
    const eroded = await erodeEach(
      boxes.map((element) => ({ mask: all, element })),
      control,
    );
    const [worn, walls] = eroded.map((mask) => scratch.own(mask));
    const largest = await withListed(worn, { maximumComponents: 1, ...control }, async (listed) => {
      const [component] = listed.components;
      return component && { ...component, mask: scratch.own(await listed.keep(1)) };
    });
    scratch.free(worn);
    if (!largest) return undefined;
    const { minimum, maximum, mask: core } = largest;
    const each = (of: (axis: number) => number): Vec3 => [of(0), of(1), of(2)];
    const tissue = scratch.own(await tissueOf({ all, walls, core }, reach, control));
    for (const mask of [all, walls, core]) scratch.free(mask);
    const rest = scratch.own(await invertMask(tissue, control));
    const enclosed = scratch.own(await removeBorderComponents(rest, control));
    return {
      tissue: scratch.release(tissue),
      enclosed: scratch.release(enclosed),
      minimum: each((axis) => Math.max(0, minimum[axis] - reach[axis])),
      maximum: each((axis) => Math.min(size[axis] - 1, maximum[axis] + reach[axis])),
    };
  });
}

interface TissueMasks {
  readonly all: BitMask;
  /** All but what is thinner than a wall. */
  readonly walls: BitMask;
  readonly core: BitMask;
}

/** All tissue of which `core` is the thick part. */
function tissueOf({ all, walls, core }: TissueMasks, shell: Vec3, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const whole = scratch.own(await growFrom(core, walls, control));
    const fringe: Vec3 = [FRINGE_SHELLS * shell[0], FRINGE_SHELLS * shell[1], 0];
    const near = scratch.own(await dilate(whole, { shape: "box", reachVoxels: fringe, ...control }));
    scratch.free(whole);
    const nearby = scratch.own(await combineMasks(near, all, { rule: "and", ...control }));
    scratch.free(near);
    return growFrom(core, nearby, control);
  });
}

function inSlices([sx, sy]: Vec3, voxels: (spacingMm: number) => number): Vec3 {
  return [voxels(sx), voxels(sy), 0];
}
