import type { Vec3 } from "../../core/grid.js";
import { checkArgument, type Rule } from "../../core/options.js";
import { listOf, oneOf, vector } from "../../core/rules.js";
import { type MprSlice, pixelOf } from "../mpr/mpr_slice.js";
import { pixelOfCamera } from "../state/camera_point.js";
import type { EdgeLetters } from "../state/orientation.js";
import { dot, type MprPlane } from "../state/plane.js";
import { checkView, isView } from "../view/check_given.js";
import type { View } from "../view/view.js";
import { type ScaleBar, scaleBarOf } from "./scale_bar.js";

/** A line through a picture, in its device pixels, along which another slice passes. */
export interface CrossingLine {
  readonly plane: MprPlane;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/**
 * What is written over a picture, as plain data: how it looks is the page's affair. Places are device pixels
 * of the canvas.
 */
export interface Annotations {
  readonly edges: EdgeLetters;
  readonly scaleBar: ScaleBar;
  /**
   * Where the crosshair is seen: in a slice, and in other projections where there are slices that it belongs
   * to.
   */
  readonly point?: readonly [number, number];
  /** Where the slices of other views pass through this one. */
  readonly crossings: readonly CrossingLine[];
  /** "W 1500 L -600"; empty for volume rendering, which has no window. */
  readonly window: string;
  /** Of the slice, along its normal: "L 12.3", "P 45.0", "H 120.5 mm", and its slab. */
  readonly position?: string;
}

const viewRule: Rule = (value) => (isView(value) ? undefined : "a view");

/** A quarter of the picture: long enough to measure by, short enough for a corner. */
const MOST_BAR_PART = 0.25;

/** What to write over a view now; `others` are the views whose slices are shown as lines in it. */
export function annotationsOf(view: View, others: readonly View[] = []): Annotations {
  checkView("annotationsOf", view);
  checkArgument("annotationsOf", "others", others, listOf(viewRule, "views, as createView gives them"));
  const { state, widthPx, heightPx } = view;
  const { centerHu, widthHu } = state.window;
  // Windows of SUV or mg/ml are narrower than a whole number.
  const shown = (value: number) => (widthHu >= 20 ? Math.round(value) : Number(value.toPrecision(3)));
  const common = {
    edges: view.edgeLetters(),
    scaleBar: scaleBarOf(view.mmPerPixel(), MOST_BAR_PART * Math.min(widthPx, heightPx)),
    window: state.projection === "dvr" ? "" : `W ${shown(widthHu)} L ${shown(centerHu)}`,
  };
  const slice = view.mprSlice();
  if (!slice) return { ...common, point: pointOnRays(view, others), crossings: [] };
  const { xPx, yPx } = pixelOf(slice, state.mpr.pointMm);
  const crossings = others.flatMap((other) => {
    const line = other === view ? undefined : crossingOf(slice, other);
    return line ? [line] : [];
  });
  return { ...common, point: [xPx, yPx], crossings, position: positionOf(slice, state.mpr.slabMm) };
}

function pointOnRays(view: View, others: readonly View[]): readonly [number, number] | undefined {
  if (!others.some((other) => other !== view && other.mprSlice())) return undefined;
  const { state, volume, widthPx, heightPx } = view;
  const pixel = pixelOfCamera(state.camera, volume.grid, widthPx, heightPx, state.mpr.pointMm);
  return pixel && [pixel.xPx, pixel.yPx];
}

/** The line of another view's slice in this one, where they cross at all. */
function crossingOf(slice: MprSlice, other: View): CrossingLine | undefined {
  const across = other.mprSlice();
  if (!across) return undefined;
  const { right, down } = slice.axes;
  const { normal } = across.axes;
  // Pixels of the other plane: a x + b y = 0 from where its crosshair is seen.
  const [a, b] = [dot(normal, right), dot(normal, down)];
  const steepness = Math.hypot(a, b);
  if (steepness < 1e-3) return undefined;
  const { xPx, yPx } = pixelOf(slice, other.state.mpr.pointMm);
  const reach = slice.widthPx + slice.heightPx;
  const [dx, dy] = [(-b / steepness) * reach, (a / steepness) * reach];
  return { plane: other.state.mpr.plane, from: [xPx - dx, yPx - dy], to: [xPx + dx, yPx + dy] };
}

function positionOf(slice: MprSlice, slabMm: number): string {
  const { normal } = slice.axes;
  const [axis] = [0, 1, 2].sort((i, j) => Math.abs(normal[j]) - Math.abs(normal[i]));
  const slab = slabMm > 0 ? `, ${Number(slabMm.toFixed(1))} mm thick` : "";
  return `${positionText(slice.middleMm, [axis])} mm${slab}`;
}

const letters = [
  ["R", "L"],
  ["A", "P"],
  ["F", "H"],
] as const;

/** A position as it is read, "L 12.3  P 45.0  H 120.5": the letter says to which side of the origin. */
export function positionText(mm: Vec3, axes: readonly number[] = [0, 1, 2]): string {
  checkArgument("positionText", "mm", mm, vector);
  checkArgument("positionText", "axes", axes, listOf(oneOf(0, 1, 2), "0, 1 and 2"));
  return axes
    .map((axis) => `${letters[axis][mm[axis] < 0 ? 0 : 1]} ${Math.abs(mm[axis]).toFixed(1)}`)
    .join("  ");
}
