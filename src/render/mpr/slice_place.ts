import type { Grid, Vec3 } from "../../core/grid.js";
import { checkArgument, invalidOption } from "../../core/options.js";
import { vector } from "../../core/rules.js";
import { checkGridGiven, checkNumbers } from "../state/check_geometry.js";
import type { MprState } from "../state/mpr_state.js";
import { centerMm, combine, dot, extentMm, planeAxes, voxelStepMm } from "../state/plane.js";

/** Where a cut stands among those parallel to it, one a voxel: from 0, away from the viewer, not whole between two slices. */
export interface SlicePlace {
  readonly index: number;
  readonly count: number;
}

/** Of an axial cut through an axial volume the slice's number, from the feet. */
export function slicePlace(grid: Grid, cut: Pick<MprState, "plane" | "pointMm">): SlicePlace {
  checkPlace("slicePlace", grid, cut);
  const { plane, pointMm } = cut;
  const { normal } = planeAxes(plane);
  const stepMm = voxelStepMm(grid, normal);
  const count = Math.max(1, Math.round(extentMm(grid, normal) / stepMm));
  const depthMm = dot(normal, combine([1, -1], [pointMm, centerMm(grid)]));
  return { index: depthMm / stepMm + (count - 1) / 2, count };
}

/** The crosshair moved along the cut's normal to the slice of an index. The inverse of `slicePlace`. */
export function pointAtSlice(grid: Grid, cut: Pick<MprState, "plane" | "pointMm">, index: number): Vec3 {
  checkPlace("pointAtSlice", grid, cut);
  checkNumbers("pointAtSlice", { index });
  const { plane, pointMm } = cut;
  const { normal } = planeAxes(plane);
  const steps = index - slicePlace(grid, { plane, pointMm }).index;
  return combine([1, steps * voxelStepMm(grid, normal)], [pointMm, normal]);
}

function checkPlace(of: string, grid: Grid, cut: Pick<MprState, "plane" | "pointMm">): void {
  checkGridGiven(of, grid);
  const { plane, pointMm } = (cut ?? {}) as Partial<MprState>;
  if (plane === undefined || plane === null)
    throw invalidOption(of, "cut", cut, "{ plane, pointMm }, such as view.state.mpr");
  checkArgument(of, "pointMm", pointMm, vector);
}
