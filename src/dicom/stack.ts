import { HounsfieldError } from "../core/errors.js";
import type { Grid, Vec3 } from "../core/grid.js";
import type { OrderedSlices, PlacedSlice } from "./order.js";
import { offsetFrom, type Plane } from "./plane.js";
import type { Diagnostic } from "./slice.js";
import { norm, times } from "./vector.js";

export interface Stack {
  readonly grid: Grid;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A slice may lie this far from where an even grid puts it: 1 % of the step; or 0.01 mm, which positions written with
 * two decimals need, as long as that is under 5 % of the step.
 */
function stepToleranceMm(stepMm: number): number {
  return Math.max(0.01 * stepMm, Math.min(0.01, 0.05 * stepMm));
}

/** A slice may lie this far aside of the first one's normal: a tenth of a pixel over the whole stack. */
const SIDEWAYS_TOLERANCE_PIXELS = 0.1;

/**
 * The grid of ordered slices, if one even, upright grid holds them all. Spacing is the distance of the positions, never
 * Slice Thickness; the z direction is that of the growing index, so the grid is left-handed where Slice Location is.
 * @throws HounsfieldError `unfaithful-geometry`: duplicates, tilt, gaps, irregular steps, with files and numbers
 */
export function stackSlices(ordered: OrderedSlices, plane: Plane): Stack {
  const { slices, axis } = ordered;
  if (slices.length === 1) return singleSlice(slices[0], axis, plane);
  const stepMm = (slices[slices.length - 1].alongMm - slices[0].alongMm) / (slices.length - 1);
  refuseDuplicates(slices, stepMm);
  refuseSideways(slices, plane);
  refuseUneven(slices, stepMm);
  return { grid: gridOf(slices, axis, plane, stepMm), diagnostics: [] };
}

function gridOf(slices: readonly PlacedSlice[], axis: Vec3, plane: Plane, stepMm: number): Grid {
  const [first] = slices;
  const { columns, rows } = first.header;
  const { x, y } = plane;
  return {
    size: [columns, rows, slices.length],
    // Differences of decimal positions carry binary dust (1.9999999999999998), which would cost a resampled grid its
    // last sample; a picometer is far above the dust and far below any position.
    spacingMm: [plane.spacingMm[0], plane.spacingMm[1], Math.round(stepMm * 1e9) / 1e9],
    originMm: first.positionMm ?? times(axis, first.alongMm),
    direction: [x[0], y[0], axis[0], x[1], y[1], axis[1], x[2], y[2], axis[2]],
  };
}

/** One slice has a thickness but no step: what the header says of spacing is taken, and said so. */
function singleSlice(slice: PlacedSlice, axis: Vec3, plane: Plane): Stack {
  const { spacingBetweenSlices, sliceThickness, source } = slice.header;
  const stepMm = [spacingBetweenSlices, sliceThickness].find((mm) => mm !== undefined && mm > 0);
  if (stepMm === undefined) {
    const message = `${source.name}: is a single slice without Spacing Between Slices or Slice Thickness`;
    throw new HounsfieldError("unfaithful-geometry", message, { file: source.name, tag: "(0018,0050)" });
  }
  const from = stepMm === spacingBetweenSlices ? "Spacing Between Slices" : "Slice Thickness";
  const message = `there is one slice only; its spacing of ${stepMm} mm along z is its ${from}`;
  const diagnostic: Diagnostic = { severity: "warning", code: "single-slice", message, files: [source.name] };
  return { grid: gridOf([slice], axis, plane, stepMm), diagnostics: [diagnostic] };
}

function refuseDuplicates(slices: readonly PlacedSlice[], stepMm: number): void {
  const toleranceMm = stepToleranceMm(stepMm);
  const doubled = slices.findIndex(
    (slice, k) => k > 0 && slice.alongMm - slices[k - 1].alongMm <= toleranceMm,
  );
  if (doubled === -1) return;
  const count = slices.filter(
    (slice, k) => k > 0 && slice.alongMm - slices[k - 1].alongMm <= toleranceMm,
  ).length;
  const [a, b] = [nameOf(slices[doubled - 1]), nameOf(slices[doubled])];
  const message = `${b}: lies where ${a} lies, at ${mm(slices[doubled].alongMm)} along the normal; ${count} slices of ${slices.length} are double`;
  const fields = { file: b, got: [a, b], accepted: "one slice a position" };
  throw new HounsfieldError("unfaithful-geometry", message, fields);
}

function refuseSideways(slices: readonly PlacedSlice[], plane: Plane): void {
  const [first] = slices;
  if (!first.positionMm) return;
  const accepted = SIDEWAYS_TOLERANCE_PIXELS * Math.min(...plane.spacingMm);
  for (const slice of slices) {
    const { along, aside } = offsetFrom(first.positionMm, slice.positionMm!, plane.normal);
    const sideways = norm(aside);
    if (sideways <= accepted) continue;
    const degrees = (Math.atan2(sideways, Math.abs(along)) * 180) / Math.PI;
    const message = `${nameOf(slice)}: lies ${mm(sideways)} aside of ${nameOf(first)} along the normal (${degrees.toFixed(2)} degrees, as a tilted gantry gives); accepted is ${mm(accepted)}`;
    throw new HounsfieldError("unfaithful-geometry", message, {
      file: nameOf(slice),
      got: sideways,
      accepted,
    });
  }
}

/** Holds every slice against the even grid from first to last, so that small errors of one sign cannot add up. */
function refuseUneven(slices: readonly PlacedSlice[], stepMm: number): void {
  const toleranceMm = stepToleranceMm(stepMm);
  const isEven = slices.every(
    (slice, k) => Math.abs(slice.alongMm - slices[0].alongMm - k * stepMm) <= toleranceMm,
  );
  if (isEven) return;
  const steps = slices.slice(1).map((slice, k) => slice.alongMm - slices[k].alongMm);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  const odd = steps
    .map((step, k) => ({ step, k }))
    .filter(({ step }) => Math.abs(step - usual) > stepToleranceMm(usual));
  const { step, k } = odd[0] ?? { step: steps[0], k: 0 };
  const [a, b] = [nameOf(slices[k]), nameOf(slices[k + 1])];
  const message = `${b}: lies ${mm(step)} from ${a} where the step is ${mm(usual)}; ${unevenness(steps, odd, usual)}`;
  throw new HounsfieldError("unfaithful-geometry", message, { file: b, got: step, accepted: usual });
}

function unevenness(
  steps: readonly number[],
  odd: readonly { readonly step: number }[],
  usual: number,
): string {
  if (odd.length === 0) return `steps drift between ${mm(Math.min(...steps))} and ${mm(Math.max(...steps))}`;
  if (!odd.every(({ step }) => isMultiple(step, usual)))
    return `${odd.length} steps of ${steps.length} are irregular`;
  const missing = odd.reduce((count, { step }) => count + Math.round(step / usual) - 1, 0);
  return missing === 1 ? "1 slice is missing" : `${missing} slices are missing`;
}

function isMultiple(step: number, usual: number): boolean {
  const multiple = Math.round(step / usual);
  return multiple > 1 && Math.abs(step - multiple * usual) <= multiple * stepToleranceMm(usual);
}

function nameOf(slice: PlacedSlice): string {
  return slice.header.source.name;
}

function mm(length: number): string {
  return `${Number(length.toFixed(4))} mm`;
}
