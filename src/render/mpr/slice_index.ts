import type { Grid, Vec3 } from "../../core/grid.js";
import { checkArgument, invalidOption } from "../../core/options.js";
import { vector } from "../../core/rules.js";
import { checkGridGiven, checkNumbers } from "../state/check_geometry.js";
import type { MprState } from "../state/mpr_state.js";
import { centerMm, combine, dot, extentMm, planeAxes, voxelStepMm } from "../state/plane.js";

/**
 * Where a slice stands among those parallel to it, one a voxel: from 0, away from the viewer, not whole
 * between two slices.
 */
export interface SliceIndex {
  readonly index: number;
  readonly count: number;
}

/** Of an axial slice through an axial volume the slice's number, from the feet. */
export function sliceIndex(grid: Grid, slice: Pick<MprState, "plane" | "pointMm">): SliceIndex {
  checkPlace("sliceIndex", grid, slice);
  const { plane, pointMm } = slice;
  const { normal } = planeAxes(plane);
  const stepMm = voxelStepMm(grid, normal);
  const count = Math.max(1, Math.round(extentMm(grid, normal) / stepMm));
  const depthMm = dot(normal, combine([1, -1], [pointMm, centerMm(grid)]));
  return { index: depthMm / stepMm + (count - 1) / 2, count };
}

/** The crosshair moved along the slice's normal to the slice of an index. The inverse of `sliceIndex`. */
export function pointAtSlice(grid: Grid, slice: Pick<MprState, "plane" | "pointMm">, index: number): Vec3 {
  checkPlace("pointAtSlice", grid, slice);
  checkNumbers("pointAtSlice", { index });
  const { plane, pointMm } = slice;
  const { normal } = planeAxes(plane);
  const steps = index - sliceIndex(grid, { plane, pointMm }).index;
  return combine([1, steps * voxelStepMm(grid, normal)], [pointMm, normal]);
}

function checkPlace(of: string, grid: Grid, slice: Pick<MprState, "plane" | "pointMm">): void {
  checkGridGiven(of, grid);
  const { plane, pointMm } = (slice ?? {}) as Partial<MprState>;
  if (plane === undefined || plane === null)
    throw invalidOption(of, "slice", slice, "{ plane, pointMm }, such as view.state.mpr");
  checkArgument(of, "pointMm", pointMm, vector);
}
