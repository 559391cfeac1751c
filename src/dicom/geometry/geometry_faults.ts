import { HounsfieldError, type Repair } from "../../core/errors.js";
import { mm, sliceName } from "../image/slice_labels.js";
import type { ImagePlane } from "./image_plane.js";
import type { NearEvenGrid } from "./near_even.js";
import { type SliceSpacing, sidewaysToleranceMm } from "./slice_spacing.js";
import type { OrderedSlices, PlacedSlice } from "./sort_slices.js";
import { isEven, stepToleranceMm } from "./tolerance.js";

export type { Repair };

/** Why slices are no even, upright grid. */
export interface GeometryFault {
  readonly kind: "double" | "sideways" | "uneven";
  /** What repairs it; undefined where nothing does. */
  readonly repair?: Repair;
  /** With the slice's name first. */
  readonly message: string;
  readonly slice: PlacedSlice;
  readonly got: unknown;
  readonly accepted: unknown;
}

/** A gantry tilts up to 30 degrees; what leans more is no stack. */
const MOST_TILT_DEGREES = 45;

/** A step of so many usual ones, and of so many slice thicknesses, is a hole and not a change of spacing. */
const HOLE_STEPS = 2.5;
const HOLE_THICKNESSES = 1.5;

/**
 * All faults of a stack of at least two slices. Those that nothing repairs come first.
 * @param near the even grid that the slices are taken to lie on though they lie beside it
 */
export function findFaults(
  ordered: OrderedSlices,
  plane: ImagePlane,
  layout: SliceSpacing,
  near?: NearEvenGrid,
): GeometryFault[] {
  const { slices } = ordered;
  const double = findDouble(slices, layout);
  if (double) return [double];
  return [...findSideways(slices, plane, layout), ...findUneven(slices, layout, near)];
}

/**
 * Whether slices lie on an even grid as they are, but for missing ones: nothing is to be taken as even that
 * is not.
 */
export function isEvenButForGaps(slices: readonly PlacedSlice[], layout: SliceSpacing): boolean {
  const odd = oddSteps(layout);
  return isEven(slices.map((slice) => slice.alongMm)) || (odd.length > 0 && odd.every(isMissing(layout)));
}

/**
 * The first fault as an error that says what would be repaired if it were allowed.
 * @throws HounsfieldError `unfaithful-geometry`
 */
export function refuseFaults(faults: readonly GeometryFault[]): never {
  const [{ message, slice, got, accepted }] = faults;
  const repairs = [...new Set(faults.flatMap((fault) => fault.repair ?? []))];
  const canRepair = faults.every((fault) => fault.repair !== undefined);
  const others = faults.slice(1).map((fault) => `; and ${fault.message}`);
  const fields = { file: slice.header.source.name, got, accepted };
  throw new HounsfieldError("unfaithful-geometry", `${message}${others.join("")}`, {
    ...fields,
    ...(canRepair && { allow: repairs }),
  });
}

function findDouble(
  slices: readonly PlacedSlice[],
  { stepsMm, usualStepMm }: SliceSpacing,
): GeometryFault | undefined {
  const toleranceMm = stepToleranceMm(usualStepMm);
  const isDouble = (step: number) => step <= toleranceMm;
  const k = stepsMm.findIndex(isDouble);
  if (k === -1) return undefined;
  const count = stepsMm.filter(isDouble).length;
  const [a, b] = [sliceName(slices[k].header), sliceName(slices[k + 1].header)];
  const message = `${b}: ${count} of ${slices.length} slices ${count === 1 ? "has" : "have"} a duplicate position (first: ${a} and ${b} at ${mm(slices[k + 1].alongMm)} along the normal) and no attribute separates them into volumes`;
  return { kind: "double", message, slice: slices[k + 1], got: [a, b], accepted: "one slice a position" };
}

/** Slices on one slanted line are tilted; those beside it were moved, table or patient. */
function findSideways(
  slices: readonly PlacedSlice[],
  plane: ImagePlane,
  layout: SliceSpacing,
): GeometryFault[] {
  const along = (k: number) => slices[k].alongMm - slices[0].alongMm;
  const tolerance = (k: number) => sidewaysToleranceMm(plane, along(k));
  const aside = layout.asideMm;
  const k = aside.findIndex((offset, i) => Math.hypot(...offset) > tolerance(i));
  if (k === -1) return [];
  const isMoved = ([x, y]: readonly [number, number], i: number) =>
    Math.hypot(x - layout.shear[0] * along(i), y - layout.shear[1] * along(i)) > tolerance(i);
  const moved = aside.findIndex(isMoved);
  const [name, first] = [sliceName(slices[k].header), sliceName(slices[0].header)];
  const sideways = Math.hypot(...aside[k]);
  const where = `${name}: lies ${mm(sideways)} aside of ${first} along the normal`;
  const numbers = { kind: "sideways" as const, got: sideways, accepted: tolerance(k), slice: slices[k] };
  if (moved !== -1) {
    const count = aside.filter(isMoved).length;
    const message = `${where}, and the slices are on no straight line (${count} of ${slices.length} beside it); accepted is ${mm(tolerance(k))}`;
    return [{ repair: "irregular", message, ...numbers }];
  }
  const degrees = Math.abs(layout.shearDegrees);
  const message = `${where} (${degrees.toFixed(2)} degrees, as a tilted gantry gives); accepted is ${mm(tolerance(k))}`;
  return [{ ...(degrees <= MOST_TILT_DEGREES && { repair: "tilt" as const }), message, ...numbers }];
}

/**
 * Steps that are multiples of the usual one are missing slices; other steps are irregular, and some of these
 * holes.
 */
function findUneven(
  slices: readonly PlacedSlice[],
  layout: SliceSpacing,
  near: NearEvenGrid | undefined,
): GeometryFault[] {
  const { stepsMm, usualStepMm } = layout;
  if (isEven(slices.map((slice) => slice.alongMm)) || (near && !near.hasHoles)) return [];
  const odd = near
    ? stepsMm.map((step, k) => ({ step, k })).filter(({ k }) => near.indices[k + 1] - near.indices[k] > 1)
    : oddSteps(layout);
  const { step, k } = odd[0] ?? { step: stepsMm[0], k: 0 };
  const fault = (repair: Repair, what: string): GeometryFault => {
    const [a, b] = [sliceName(slices[k].header), sliceName(slices[k + 1].header)];
    const message = `${b}: lies ${mm(step)} from ${a} where the step is ${mm(usualStepMm)}; ${what}`;
    return { kind: "uneven", repair, message, slice: slices[k + 1], got: step, accepted: usualStepMm };
  };
  if (near || (odd.length > 0 && odd.every(isMissing(layout)))) {
    const missing = odd.reduce((count, one) => count + Math.round(one.step / usualStepMm) - 1, 0);
    return [fault("gaps", missing === 1 ? "1 slice is missing" : `${missing} slices are missing`)];
  }
  const [least, most] = [Math.min(...stepsMm), Math.max(...stepsMm)];
  const drift = `steps drift between ${mm(least)} and ${mm(most)}`;
  const irregular = fault(
    "irregular",
    odd.length === 0
      ? drift
      : `${odd.length} steps of ${stepsMm.length} are irregular, ${mm(least)} to ${mm(most)}`,
  );
  const holes = odd.filter((one) => isHole(one.step, usualStepMm, slices[one.k], slices[one.k + 1]));
  if (holes.length === 0) return [irregular];
  const hole = `${holes.length} steps are holes, of up to ${mm(Math.max(...holes.map((one) => one.step)))}`;
  return [irregular, fault("gaps", hole)];
}

interface OddStep {
  readonly step: number;
  /** It leads from slice k to the next. */
  readonly k: number;
}

function oddSteps({ stepsMm, usualStepMm }: SliceSpacing): OddStep[] {
  const toleranceMm = stepToleranceMm(usualStepMm);
  return stepsMm
    .map((step, k) => ({ step, k }))
    .filter(({ step }) => Math.abs(step - usualStepMm) > toleranceMm);
}

function isMissing({ usualStepMm }: SliceSpacing): (odd: OddStep) => boolean {
  return ({ step }) => isMultiple(step, usualStepMm);
}

function isMultiple(step: number, usual: number): boolean {
  const multiple = Math.round(step / usual);
  return multiple > 1 && Math.abs(step - multiple * usual) <= multiple * stepToleranceMm(usual);
}

function isHole(step: number, usual: number, below: PlacedSlice, above: PlacedSlice): boolean {
  const thickness = Math.max(below.header.sliceThickness ?? 0, above.header.sliceThickness ?? 0);
  return step > HOLE_STEPS * usual && step > HOLE_THICKNESSES * thickness;
}
