import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import type { VoxelBox } from "../../core/voxel_box.js";
import { listComponents } from "../../ops/mask/list_components.js";
import { croppedGrid } from "../../ops/resample/crop.js";
import { resampleMask } from "../../ops/resample/resample_mask.js";
import type { BitMask } from "../../volume/bit_mask.js";

/** More parts than lungs fall into when none is less than a twentieth of the largest. */
const MOST_PARTS = 64;

/**
 * The box of the largest parts of a mask and `marginMm` around it, cut to the volume; undefined for an empty
 * mask.
 */
export async function boxAround(
  mask: BitMask,
  marginMm: number,
  control: Control,
): Promise<VoxelBox | undefined> {
  const { components } = await listComponents(mask, { maximumComponents: MOST_PARTS, ...control });
  if (components.length === 0) return undefined;
  const { size, spacingMm } = mask.grid;
  const margin = (axis: number) => Math.ceil(marginMm / spacingMm[axis]);
  const each = (of: (axis: number) => number): Vec3 => [of(0), of(1), of(2)];
  const first = (axis: number) => Math.min(...components.map(({ minimum }) => minimum[axis]));
  const last = (axis: number) => Math.max(...components.map(({ maximum }) => maximum[axis]));
  return {
    from: each((axis) => Math.max(0, first(axis) - margin(axis))),
    to: each((axis) => Math.min(size[axis], last(axis) + 1 + margin(axis))),
  };
}

/** The part of a mask in a box: most of a chest's volume is no lung, and morphology pays for every voxel. */
export function cropMask(mask: BitMask, box: VoxelBox, control: Control): Promise<BitMask> {
  return resampleMask(mask, { onto: croppedGrid(mask.grid, box), ...control });
}
