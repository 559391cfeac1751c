import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { type MprSlice, positionAt } from "../mpr/mpr_slice.js";
import type { MprState } from "../state/mpr_state.js";
import { combine, indexOf, planeAxes, voxelStepMm } from "../state/plane.js";

export const LEAST_MPR_ZOOM = 0.25;
export const MOST_MPR_ZOOM = 40;

/** The crosshair after `slices` steps away from the viewer, one voxel each; within the volume. */
export function stepPoint(grid: Grid, mpr: MprState, slices: number): Vec3 {
  const { normal } = planeAxes(mpr.plane);
  return held(grid, combine([1, slices * voxelStepMm(grid, normal)], [mpr.pointMm, normal]));
}

/**
 * The crosshair at a point of the picture; at the middle of the voxel there, so that the other planes' slices
 * show slices, not mixtures.
 */
export function pointAt(
  grid: Grid,
  slice: MprSlice,
  plane: MprState["plane"],
  xPx: number,
  yPx: number,
): Vec3 {
  const mm = held(grid, positionAt(slice, xPx, yPx));
  if (typeof plane !== "string") return mm;
  const voxel = positionMm(grid, rounded(indexOf(grid, mm)));
  // In this plane only: the slice that is looked at stays.
  const { normal } = slice.axes;
  const off = combine([1, -1], [mm, voxel]);
  const depth = off[0] * normal[0] + off[1] * normal[1] + off[2] * normal[2];
  return combine([1, depth], [voxel, normal]);
}

/** Zoom by a factor with the point of the picture at (x, y) kept where it is. */
export function zoomAt(
  mpr: MprState,
  slice: MprSlice,
  factor: number,
  xPx: number,
  yPx: number,
): Partial<MprState> {
  const zoom = Math.min(MOST_MPR_ZOOM, Math.max(LEAST_MPR_ZOOM, mpr.zoom * factor));
  const kept = (1 - mpr.zoom / zoom) * slice.mmPerPixel;
  const [right, up] = mpr.panMm;
  const [x, y] = [xPx - slice.widthPx / 2, yPx - slice.heightPx / 2];
  return { zoom, panMm: [right + x * kept, up - y * kept] };
}

/** The picture after it was dragged by pixels to the right and down. */
export function panBy(mpr: MprState, slice: MprSlice, dxPx: number, dyPx: number): Partial<MprState> {
  const [right, up] = mpr.panMm;
  return { panMm: [right - dxPx * slice.mmPerPixel, up + dyPx * slice.mmPerPixel] };
}

/** The nearest position between the centers of the volume's outermost voxels. */
function held(grid: Grid, mm: Vec3): Vec3 {
  const index = indexOf(grid, mm);
  const within = index.map((value, axis) => Math.min(grid.size[axis] - 1, Math.max(0, value)));
  if (within.every((value, axis) => value === index[axis])) return mm;
  return positionMm(grid, [within[0], within[1], within[2]]);
}

function rounded([x, y, z]: Vec3): Vec3 {
  return [Math.round(x), Math.round(y), Math.round(z)];
}
