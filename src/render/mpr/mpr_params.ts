import type { Grid, Vec3 } from "../../core/grid.js";
import { type MprState, mprInterpolations, mprSlabKinds } from "../state/mpr_state.js";
import { combine, indexOf, toIndexStep, voxelStepMm } from "../state/plane.js";
import { mprSliceOf } from "./mpr_slice.js";

/** A slice as shaders/render/mpr/mpr_sample.wgsl takes it. */
export interface MprParams {
  readonly middle: Vec3;
  readonly interpolation: number;
  readonly right: Vec3;
  readonly kind: number;
  readonly down: Vec3;
  readonly reach: number;
  readonly away: Vec3;
  readonly middle_px: readonly [number, number];
}

/** How finely a slab is sampled: 2 takes every voxel and the middle between; drafts take less. */
export const SAMPLES_PER_VOXEL = 2;

export function mprParams(
  grid: Grid,
  mpr: MprState,
  widthPx: number,
  heightPx: number,
  samplesPerVoxel = SAMPLES_PER_VOXEL,
): MprParams {
  const { axes, middleMm, mmPerPixel } = mprSliceOf(grid, mpr, widthPx, heightPx);
  const stepMm = voxelStepMm(grid, axes.normal) / samplesPerVoxel;
  return {
    middle: indexOf(grid, middleMm),
    interpolation: mprInterpolations.indexOf(mpr.interpolation),
    right: toIndexStep(grid, combine([mmPerPixel], [axes.right])),
    kind: mprSlabKinds.indexOf(mpr.slabKind),
    down: toIndexStep(grid, combine([mmPerPixel], [axes.down])),
    reach: slabReach(mpr.slabMm, stepMm),
    away: toIndexStep(grid, combine([stepMm], [axes.normal])),
    middle_px: [widthPx / 2, heightPx / 2],
  };
}

/**
 * Samples on each side of the plane. A billionth more, so that a slab of whole steps holds its last one
 * whatever the rounding.
 */
function slabReach(slabMm: number, stepMm: number): number {
  return Math.floor(slabMm / 2 / stepMm + 1e-9);
}
