import type { Control } from "../../core/control.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { removeBorderComponents } from "../../ops/mask/remove_border_components.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { HuSource } from "./hu_source.js";

/**
 * A corner is padding where so many voxels along x and y have one and the same value: measured values have
 * noise.
 */
const CORNER_VOXELS = 8;

/** Padding below this is told from lung as room air is. */
const AIR_LIKE_BELOW_HU = -930;

/**
 * What a resampling or an export has put outside the field of view, where that is not as thin as air: voxels
 * of the value that fills a corner of the middle slice, as far as they reach the frame of their slice.
 * Undefined where there is none.
 */
export async function findPadding(volume: HuSource, control: Control): Promise<BitMask | undefined> {
  const [columns, rows, slices] = volume.grid.size;
  if (columns < 2 * CORNER_VOXELS || rows < 2 * CORNER_VOXELS) return undefined;
  const middle = slices >> 1;
  const hu = cornerValue(await volume.readSlice(middle), columns, rows);
  if (hu === undefined || hu < AIR_LIKE_BELOW_HU) return undefined;
  return withScratch(async (scratch) => {
    const same = scratch.own(await volume.threshold({ fromHu: hu, belowHu: hu + 1, ...control }));
    const inner = scratch.own(await removeBorderComponents(same, control));
    return combineMasks(same, inner, { rule: "andNot", ...control });
  });
}

/** The value that a corner of a slice is full of; the largest where corners differ. */
export function cornerValue(slice: ArrayLike<number>, columns: number, rows: number): number | undefined {
  const corners = [0, rows - CORNER_VOXELS].flatMap((y) => [0, columns - CORNER_VOXELS].map((x) => [x, y]));
  const values = corners.flatMap(([x, y]) => {
    const value = slice[y * columns + x];
    for (let v = y; v < y + CORNER_VOXELS; v++) {
      for (let u = x; u < x + CORNER_VOXELS; u++) if (slice[v * columns + u] !== value) return [];
    }
    return [value];
  });
  return values.length > 0 ? Math.max(...values) : undefined;
}
