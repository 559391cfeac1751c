import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";
import { plus, times } from "../../core/vec3.js";
import { sliceName } from "../image/slice_labels.js";
import { slicesOfOtherTilt } from "./gantry_tilt.js";
import type { ImagePlane } from "./image_plane.js";
import type { ResampledGrid, Resampling } from "./regrid_plan.js";
import { type SliceSpacing, sidewaysToleranceMm } from "./slice_spacing.js";
import { thicknessDiagnostics } from "./slice_thickness.js";
import type { OrderedSlices } from "./sort_slices.js";
import { isEven, stepToleranceMm } from "./tolerance.js";

export interface SliceGrid {
  readonly grid: Grid;
  readonly layout: SliceSpacing;
  /** How the grid's slices come from those acquired, where they are not the same. */
  readonly resampling?: Resampling;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The grid of slices that lie on an even, upright one as they are and say nothing else, or of a single slice;
 * undefined for all others, of which buildGrid makes what can be made: an ordinary stack goes without what
 * that takes.
 * @throws HounsfieldError `unfaithful-geometry` for a single slice without a thickness
 */
export function evenGrid(
  ordered: OrderedSlices,
  plane: ImagePlane,
  layout: SliceSpacing,
): SliceGrid | undefined {
  const { slices } = ordered;
  if (slices.length === 1) return singleSlice(ordered, plane, layout);
  const [first, last] = [slices[0], slices[slices.length - 1]];
  const isApart = layout.stepsMm.every((step) => step > stepToleranceMm(layout.usualStepMm));
  const isUpright = layout.asideMm.every(
    (aside, k) => Math.hypot(...aside) <= sidewaysToleranceMm(plane, slices[k].alongMm - first.alongMm),
  );
  if (!isApart || !isUpright || !isEven(slices.map((slice) => slice.alongMm))) return undefined;
  if (slicesOfOtherTilt(ordered, layout).length > 0) return undefined;
  const stepMm = (last.alongMm - first.alongMm) / (slices.length - 1);
  return {
    grid: gridOf(ordered, plane, stepMm),
    layout,
    diagnostics: thicknessDiagnostics(ordered, layout),
  };
}

export function gridOf(
  ordered: OrderedSlices,
  plane: ImagePlane,
  stepMm: number,
  plan?: ResampledGrid,
): Grid {
  const [first] = ordered.slices;
  const { columns, rows } = first.header;
  const { x, y, normal, spacingMm } = plane;
  const corner = first.positionMm ?? times(normal, first.alongMm);
  return {
    size: plan?.size ?? [columns, rows, ordered.slices.length],
    // Differences of decimal positions carry binary dust (1.9999999999999998), which would cost a resampled
    // grid its last sample; a picometer is far above the dust and far below any position.
    spacingMm: [spacingMm[0], spacingMm[1], Math.round(stepMm * 1e9) / 1e9],
    originMm: plan ? startOf(corner, plane, plan) : corner,
    direction: [x[0], y[0], normal[0], x[1], y[1], normal[1], x[2], y[2], normal[2]],
  };
}

function startOf(corner: Vec3, { x, y, normal, spacingMm }: ImagePlane, plan: ResampledGrid): Vec3 {
  const alongRow = plus(corner, x, plan.startPixels[0] * spacingMm[0]);
  const alongColumn = plus(alongRow, y, plan.startPixels[1] * spacingMm[1]);
  return plus(alongColumn, normal, plan.startMm);
}

/** One slice has a thickness but no step: what the header says of spacing is taken, and said so. */
function singleSlice(ordered: OrderedSlices, plane: ImagePlane, layout: SliceSpacing): SliceGrid {
  const [{ header }] = ordered.slices;
  const { spacingBetweenSlices, sliceThickness, source } = header;
  const stepMm = [spacingBetweenSlices, sliceThickness].find((length) => length !== undefined && length > 0);
  if (stepMm === undefined) {
    const message = `${sliceName(header)}: is a single slice without Spacing Between Slices or Slice Thickness`;
    throw new HounsfieldError("unfaithful-geometry", message, { file: source.name, tag: "(0018,0050)" });
  }
  const from = stepMm === spacingBetweenSlices ? "Spacing Between Slices" : "Slice Thickness";
  const message = `there is one slice only; its spacing of ${stepMm} mm along z is its ${from}`;
  const diagnostic: Diagnostic = { severity: "warning", code: "single-slice", message, files: [source.name] };
  return { grid: gridOf(ordered, plane, stepMm), layout, diagnostics: [diagnostic] };
}
