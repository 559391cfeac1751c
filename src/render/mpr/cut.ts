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
export interface CutState {
  readonly plane: MprPlane;
  readonly pointMm: Vec3;
  readonly zoom: number;
  readonly panMm: readonly [number, number];
}

/** A cut as a picture: where each of its pixels lies in the patient. */
export interface Cut {
  readonly axes: PlaneAxes;
  /** Position of the picture's middle, mm LPS. */
  readonly middleMm: Vec3;
  readonly mmPerPixel: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The cut through `pointMm`. Zoom 1 shows all of the volume, so that a slice in a picture of its own size is shown a voxel a pixel; the
 * middle is the volume's center moved by `panMm` to the right and up.
 */
export function cutOf(grid: Grid, state: CutState, widthPx: number, heightPx: number): Cut {
  const axes = planeAxes(state.plane);
  const { right, down, normal } = axes;
  const fitted = Math.max(extentMm(grid, right) / widthPx, extentMm(grid, down) / heightPx);
  const center = centerMm(grid);
  const depth = dot(normal, combine([1, -1], [state.pointMm, center]));
  const [panRight, panUp] = state.panMm;
  const middleMm = combine([1, panRight, -panUp, depth], [center, right, down, normal]);
  return { axes, middleMm, mmPerPixel: fitted / state.zoom, widthPx, heightPx };
}

const cutRule: Rule = (value) => {
  const { axes, middleMm } = (value ?? {}) as Partial<Cut>;
  return axes && middleMm ? undefined : "a cut, as view.cut() gives it";
};

/** Position (mm, LPS) of a point of the picture, in pixels from its top left corner: (0.5, 0.5) is the first pixel's center. */
export function positionAt(cut: Cut, xPx: number, yPx: number): Vec3 {
  checkArgument("positionAt", "cut", cut, cutRule);
  checkNumbers("positionAt", { xPx, yPx });
  const { right, down } = cut.axes;
  const x = (xPx - cut.widthPx / 2) * cut.mmPerPixel;
  const y = (yPx - cut.heightPx / 2) * cut.mmPerPixel;
  return combine([1, x, y], [cut.middleMm, right, down]);
}

/** Where a position is seen in the picture, and how far behind the cut it lies. The inverse of `positionAt`. */
export function pixelOf(cut: Cut, mm: Vec3): { xPx: number; yPx: number; behindMm: number } {
  checkArgument("pixelOf", "cut", cut, cutRule);
  checkPoint("pixelOf", mm);
  const { right, down, normal } = cut.axes;
  const from = combine([1, -1], [mm, cut.middleMm]);
  return {
    xPx: dot(right, from) / cut.mmPerPixel + cut.widthPx / 2,
    yPx: dot(down, from) / cut.mmPerPixel + cut.heightPx / 2,
    behindMm: dot(normal, from),
  };
}
