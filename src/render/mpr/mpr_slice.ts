import type { Grid, Vec3 } from "../../core/grid.js";
import { checkArgument, type Rule } from "../../core/options.js";
import { checkNumbers, checkPoint } from "../state/check_geometry.js";
import {
  centerMm,
  combine,
  dot,
  extentMm,
  type MprPlane,
  type PlaneAxes,
  planeAxes,
} from "../state/plane.js";

/** What of a view's MPR state decides where its pixels lie. */
export interface MprSliceState {
  readonly plane: MprPlane;
  readonly pointMm: Vec3;
  readonly zoom: number;
  readonly panMm: readonly [number, number];
}

/** A slice as a picture: where each of its pixels lies in the patient. */
export interface MprSlice {
  readonly axes: PlaneAxes;
  /** Position of the picture's middle, mm LPS. */
  readonly middleMm: Vec3;
  readonly mmPerPixel: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The slice through `pointMm`. Zoom 1 shows all of the volume, so that a slice in a picture of its own size
 * is shown a voxel a pixel; the middle is the volume's center moved by `panMm` to the right and up.
 */
export function mprSliceOf(grid: Grid, state: MprSliceState, widthPx: number, heightPx: number): MprSlice {
  const axes = planeAxes(state.plane);
  const { right, down, normal } = axes;
  const fitted = Math.max(extentMm(grid, right) / widthPx, extentMm(grid, down) / heightPx);
  const center = centerMm(grid);
  const depth = dot(normal, combine([1, -1], [state.pointMm, center]));
  const [panRight, panUp] = state.panMm;
  const middleMm = combine([1, panRight, -panUp, depth], [center, right, down, normal]);
  return { axes, middleMm, mmPerPixel: fitted / state.zoom, widthPx, heightPx };
}

const sliceRule: Rule = (value) => {
  const { axes, middleMm } = (value ?? {}) as Partial<MprSlice>;
  return axes && middleMm ? undefined : "a slice, as view.mprSlice() gives it";
};

/**
 * Position (mm, LPS) of a point of the picture, in pixels from its top left corner: (0.5, 0.5) is the first
 * pixel's center.
 */
export function positionAt(slice: MprSlice, xPx: number, yPx: number): Vec3 {
  checkArgument("positionAt", "slice", slice, sliceRule);
  checkNumbers("positionAt", { xPx, yPx });
  const { right, down } = slice.axes;
  const x = (xPx - slice.widthPx / 2) * slice.mmPerPixel;
  const y = (yPx - slice.heightPx / 2) * slice.mmPerPixel;
  return combine([1, x, y], [slice.middleMm, right, down]);
}

/**
 * Where a position is seen in the picture, and how far behind the slice it lies. The inverse of `positionAt`.
 */
export function pixelOf(slice: MprSlice, mm: Vec3): { xPx: number; yPx: number; behindMm: number } {
  checkArgument("pixelOf", "slice", slice, sliceRule);
  checkPoint("pixelOf", mm);
  const { right, down, normal } = slice.axes;
  const from = combine([1, -1], [mm, slice.middleMm]);
  return {
    xPx: dot(right, from) / slice.mmPerPixel + slice.widthPx / 2,
    yPx: dot(down, from) / slice.mmPerPixel + slice.heightPx / 2,
    behindMm: dot(normal, from),
  };
}
