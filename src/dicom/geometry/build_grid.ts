import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";
import { plus, times } from "../../core/vec3.js";
import { mm, sliceName, sliceNames } from "../image/slice_labels.js";
import { tiltDiagnostics } from "./gantry_tilt.js";
import {
  findFaults,
  type GeometryFault,
  isEvenButForGaps,
  type Repair,
  refuseFaults,
} from "./geometry_faults.js";
import type { ImagePlane } from "./image_plane.js";
import { type NearEvenGrid, nearEvenGrid } from "./near_even.js";
import { planRegridding, type ResampledGrid, type Resampling } from "./regrid_plan.js";
import { measureSliceSpacing, type SliceSpacing } from "./slice_spacing.js";
import { thicknessDiagnostics } from "./slice_thickness.js";
import type { OrderedSlices, PlacedSlice } from "./sort_slices.js";

export interface SliceGrid {
  readonly grid: Grid;
  readonly layout: SliceSpacing;
  /** How the grid's slices come from those acquired, where they are not the same. */
  readonly resampling?: Resampling;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The grid of ordered slices: the one that holds them all, if it is even and upright; else, where `allow` says so, a true
 * grid that they are to be resampled onto. Spacing is the distance of the positions, never Slice Thickness.
 * @throws HounsfieldError `unfaithful-geometry`: duplicates, and tilt, gaps and irregular steps that are not allowed, with
 *   files and numbers; `fields.allow` says what would have to be allowed
 */
export function buildGrid(
  ordered: OrderedSlices,
  plane: ImagePlane,
  allow: readonly Repair[] = [],
): SliceGrid {
  const { slices } = ordered;
  const layout = measureSliceSpacing(ordered, plane);
  if (slices.length === 1) return singleSlice(ordered, plane, layout);
  const { near, faults } = examineSlices(ordered, plane, layout);
  const taken = near ? measuredAs(near, layout) : layout;
  const diagnostics = [
    ...thicknessDiagnostics(ordered, taken),
    ...tiltDiagnostics(ordered, layout),
    ...(near ? [nearDiagnostic(near, slices)] : []),
  ];
  const even = near?.ordered ?? ordered;
  if (faults.length === 0) {
    const [first, last] = [even.slices[0], even.slices[slices.length - 1]];
    const stepMm = (last.alongMm - first.alongMm) / (slices.length - 1);
    return { grid: gridOf(even, plane, stepMm), layout, diagnostics };
  }
  const isAllowed = (repair: Repair | undefined) => repair !== undefined && allow.includes(repair);
  if (!faults.every((fault) => isAllowed(fault.repair))) refuseFaults(faults);
  const repairs = [...new Set(faults.flatMap((fault) => fault.repair ?? []))];
  const isOf = (kind: GeometryFault["kind"]) => faults.some((fault) => fault.kind === kind);
  const needs = { repairs, isUneven: isOf("uneven"), isSideways: isOf("sideways") };
  const plan = planRegridding(even, taken, needs, plane.spacingMm);
  const repaired = repairs.map((repair) => repairDiagnostic(repair, faults, plan));
  return {
    grid: gridOf(even, plane, plan.stepMm, plan),
    layout,
    resampling: plan.resampling,
    diagnostics: [...diagnostics, ...repaired],
  };
}

/** What is wrong with where at least two slices lie, and the even grid that they are taken to lie on where they lie beside it. */
export function examineSlices(ordered: OrderedSlices, plane: ImagePlane, layout: SliceSpacing) {
  const near = isEvenButForGaps(ordered.slices, layout)
    ? undefined
    : nearEvenGrid(ordered, plane, layout.usualStepMm);
  return { near, faults: findFaults(ordered, plane, layout, near) };
}

function gridOf(ordered: OrderedSlices, plane: ImagePlane, stepMm: number, plan?: ResampledGrid): Grid {
  const [first] = ordered.slices;
  const { columns, rows } = first.header;
  const { x, y, normal, spacingMm } = plane;
  const corner = first.positionMm ?? times(normal, first.alongMm);
  return {
    size: plan?.size ?? [columns, rows, ordered.slices.length],
    // Differences of decimal positions carry binary dust (1.9999999999999998), which would cost a resampled grid its
    // last sample; a picometer is far above the dust and far below any position.
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

/** The steps of slices that are taken to lie on a grid. */
function measuredAs({ indices, stepMm }: NearEvenGrid, layout: SliceSpacing): SliceSpacing {
  const stepsMm = layout.stepsMm.map((_, k) => (indices[k + 1] - indices[k]) * stepMm);
  return { ...layout, stepsMm, usualStepMm: stepMm };
}

function nearDiagnostic(
  { stepMm, offMm, isRounding }: NearEvenGrid,
  slices: readonly PlacedSlice[],
): Diagnostic {
  const off = `slices lie up to ${mm(offMm)} (${((100 * offMm) / stepMm).toFixed(1)} % of a step) off even steps of ${mm(stepMm)}`;
  const why = isRounding ? ", as rounding of their positions makes them" : "";
  const message = `${off}${why}; they are taken as even`;
  const files = sliceNames(slices.map(({ header }) => header));
  return { severity: "warning", code: "slices-uneven", message, files };
}

function repairDiagnostic(
  repair: Repair,
  faults: readonly GeometryFault[],
  { resampling, size, stepMm }: ResampledGrid,
): Diagnostic {
  const mine = faults.filter((fault) => fault.repair === repair);
  const measured = resampling.slices.filter((slice) => slice.measured).length;
  const result = `${size[2]} slices every ${mm(stepMm)}, ${measured} of them measured and ${size[2] - measured} interpolated`;
  const message = `resampled onto a true grid (${repair}): ${mine.map((fault) => fault.message).join("; ")}; now ${result}`;
  const files = sliceNames(mine.map((fault) => fault.slice.header));
  return { severity: "warning", code: `resampled-${repair}`, message, files };
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
