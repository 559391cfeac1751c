import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { storedOfValue, type ValueScale, valueOfStored } from "../core/value_scale.js";
import type { VoxelBox } from "../core/voxel_box.js";
import { boundingBox } from "../ops/mask/bounding_box.js";
import { combineMasks } from "../ops/mask/combine_masks.js";
import { croppedGrid } from "../ops/resample/crop.js";
import { resampleMask } from "../ops/resample/resample_mask.js";
import { withScratch } from "../ops/scratch.js";
import type { BitMask } from "../volume/bit_mask.js";
import { createVolume } from "../volume/create_volume.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf } from "../volume/history.js";
import { LungMask } from "./lung_mask.js";

/** Both lungs as one mask, without the airways. */
export function bothLungs({ right, left }: LungMask, { signal }: Control): Promise<BitMask> {
  return combineMasks(right, left, { rule: "or", signal });
}

/**
 * The box that holds both lungs and so many millimeters around them, as far as the volume goes; undefined
 * where there are no lungs.
 */
export function boxAroundLungs(
  lungs: LungMask,
  marginMm: number,
  control: Control,
): Promise<VoxelBox | undefined> {
  return withScratch(async (scratch) => {
    const box = await boundingBox(scratch.own(await bothLungs(lungs, control)), { signal: control.signal });
    return box && widened(box, lungs.grid, marginMm);
  });
}

function widened({ from, to }: VoxelBox, { size, spacingMm }: Grid, marginMm: number): VoxelBox {
  const voxels = (axis: number) => Math.ceil(marginMm / spacingMm[axis]);
  const first = (axis: number) => Math.max(0, from[axis] - voxels(axis));
  const behind = (axis: number) => Math.min(size[axis], to[axis] + voxels(axis));
  return { from: [first(0), first(1), first(2)], to: [behind(0), behind(1), behind(2)] };
}

/** The voxels of a box of both. */
export async function cropLungs(lungs: LungMask, box: VoxelBox, { signal }: Control): Promise<LungMask> {
  const onto = croppedGrid(lungs.grid, box);
  const within = (mask: BitMask) => resampleMask(mask, { onto, signal });
  const right = await within(lungs.right);
  const left = await within(lungs.left);
  return new LungMask(right, left, await within(lungs.airways), lungs.quality);
}

/**
 * A volume in which every voxel outside of both lungs is `hu`.
 * @throws HounsfieldError `value-range` where the record of the volume does not hold it
 */
export async function onlyLungs(
  volume: CtVolume,
  lungs: LungMask,
  hu: number,
  { signal }: Control,
): Promise<CtVolume> {
  return withScratch(async (scratch) => {
    const mask = scratch.own(await bothLungs(lungs, { signal }));
    const { engine, grid, values } = volume;
    const stored = Math.round(storedOfValue(values, hu));
    if (stored < -32768 || stored > 32767) throw beyondRecord(hu, values);
    const depth = Math.max(1, Math.floor(engine.limits.readVoxels / (grid.size[0] * grid.size[1])));
    async function* slabs() {
      for (let z = 0; z < grid.size[2]; z += depth) {
        const end = Math.min(grid.size[2], z + depth);
        const [slab, inside] = [await volume.read(z, end), await mask.read(z, end)];
        for (let i = 0; i < slab.length; i++) if (!inside[i]) slab[i] = stored;
        yield slab;
      }
    }
    const { slope, intercept } = values;
    const masked = await createVolume(engine, { grid, values, slope, intercept, data: slabs(), signal });
    return masked.withHistory(historyOf("onlyLungs", { hu }, volume, lungs.right));
  });
}

function beyondRecord(hu: number, values: ValueScale): HounsfieldError {
  const accepted = [valueOfStored(values, -32768), valueOfStored(values, 32767)];
  const message = `preprocess: outsideLungsHu is ${hu}; this volume holds ${accepted.join(" to ")}`;
  return new HounsfieldError("value-range", message, { got: hu, accepted });
}
