import type { Diagnostic } from "../../core/diagnostic.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import { evenGrid, gridOf, type SliceGrid } from "./even_grid.js";
import {
  findFaults,
  type GeometryFault,
  isEvenButForGaps,
  type Repair,
  refuseFaults,
} from "./geometry_faults.js";
import type { ImagePlane } from "./image_plane.js";
import { type NearEvenGrid, nearEvenGrid } from "./near_even.js";
import { planRegridding, type ResampledGrid } from "./regrid_plan.js";
import type { SliceSpacing } from "./slice_spacing.js";
import { thicknessDiagnostics } from "./slice_thickness.js";
import type { OrderedSlices, PlacedSlice } from "./sort_slices.js";
import { tiltDiagnostics } from "./tilt_diagnostics.js";

/**
 * The grid of ordered slices as `layout` has measured them: the one that holds them all, if it is even and
 * upright; else, where `allow` says so, a true grid that they are to be resampled onto. Spacing is the
 * distance of the positions, never Slice Thickness.
 * @throws HounsfieldError `unfaithful-geometry`: duplicates, and tilt, gaps and irregular steps that are not
 * allowed, with files and numbers; `fields.allow` says what would have to be allowed
 */
export function buildGrid(
  ordered: OrderedSlices,
  plane: ImagePlane,
  layout: SliceSpacing,
  allow: readonly Repair[] = [],
): SliceGrid {
  const { slices } = ordered;
  const plain = evenGrid(ordered, plane, layout);
  if (plain) return plain;
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

/**
 * What is wrong with where at least two slices lie, and the even grid that they are taken to lie on where
 * they lie beside it.
 */
export function examineSlices(ordered: OrderedSlices, plane: ImagePlane, layout: SliceSpacing) {
  const near = isEvenButForGaps(ordered.slices, layout)
    ? undefined
    : nearEvenGrid(ordered, plane, layout.usualStepMm);
  return { near, faults: findFaults(ordered, plane, layout, near) };
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
