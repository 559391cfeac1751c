import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { checkArgument, invalidOption, type Rule } from "../../core/options.js";
import { vector } from "../../core/rules.js";
import type { Repair } from "./geometry_faults.js";
import type { SliceSpacing } from "./slice_spacing.js";
import type { OrderedSlices } from "./sort_slices.js";
import { stepToleranceMm } from "./tolerance.js";

/**
 * How slices that lie on no true grid are put onto one: each slice of the grid is a slice as acquired, or
 * linear between its two neighbors; and each acquired slice is first moved within its plane, linear between
 * pixels, to where the grid has it.
 */
export interface Resampling {
  /** What was repaired. */
  readonly repairs: readonly Repair[];
  /** One a slice of the grid. */
  readonly slices: readonly ResampledSlice[];
  /** One a slice as acquired: voxel (x, y) of the grid is its pixel (x + shift[0], y + shift[1]). */
  readonly shiftPixels: readonly (readonly [x: number, y: number])[];
}

/** Where one slice of the grid comes from. */
export interface ResampledSlice {
  /** Indices into the slices as acquired; equal where it is one of them. */
  readonly below: number;
  readonly above: number;
  /** Of `above`; the rest is of `below`. 0 where they are equal. */
  readonly weight: number;
  /**
   * Every voxel of it that was in the scanner's field is a stored value as it is; else every one is
   * interpolated.
   */
  readonly measured: boolean;
  /** Voxels [from, to) along x and y that were in the scanner's field; beyond, there is no value. */
  readonly fieldX: readonly [from: number, to: number];
  readonly fieldY: readonly [from: number, to: number];
}

/** Whether a slice was measured or interpolated, and from which. */
export type Provenance = "measured" | "interpolated" | "outside";

/** What voxel (x, y, z) of the grid is: a stored value as it was, one between several, or none. */
export function provenanceOf(resampling: Resampling, voxel: Vec3): Provenance {
  const { slices } = resampling ?? {};
  if (!Array.isArray(slices))
    throw invalidOption("provenanceOf", "resampling", resampling, "the resampling of a series");
  const inGrid: Rule = (value) =>
    vector(value) ?? (slices[voxel[2]] ? undefined : `a voxel of ${slices.length} slices`);
  checkArgument("provenanceOf", "voxel", voxel, inGrid);
  const [x, y, z] = voxel;
  const { measured, fieldX, fieldY } = slices[z];
  const isInside = x >= fieldX[0] && x < fieldX[1] && y >= fieldY[0] && y < fieldY[1];
  if (!isInside) return "outside";
  return measured ? "measured" : "interpolated";
}

export interface ResampledGrid {
  readonly resampling: Resampling;
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number];
  readonly stepMm: number;
  /**
   * Of the grid's first voxel from the first slice's first pixel: pixels along rows and columns, mm along the
   * normal.
   */
  readonly startPixels: readonly [number, number];
  readonly startMm: number;
}

/** A shift this close to whole pixels moves stored values, it does not blend them. */
const WHOLE_PIXEL = 1e-3;
/** A grid of more slices, of more than so many times the acquired, is a hole with two ends and no volume. */
const MOST_SLICES = 4096;
/** So is one of so many times the columns or rows: slices that were moved farther than they are wide. */
const MOST_TIMES = 4;

/** What is repaired: where slices are along the normal, where they are aside of it, or both. */
export interface RepairNeeds {
  readonly repairs: readonly Repair[];
  readonly isUneven: boolean;
  readonly isSideways: boolean;
}
/**
 * Plans the true grid of slices that have faults. The field grows so that no pixel is lost when slices are
 * moved; along the normal nothing is extrapolated, so that up to a step is lost at each end where the slices
 * do not meet the grid.
 * @param spacingMm of a pixel
 * @throws HounsfieldError `limit-exceeded` where what no slice shows would be most of the volume
 */
export function planRegridding(
  { slices }: OrderedSlices,
  layout: SliceSpacing,
  { repairs, isUneven, isSideways }: RepairNeeds,
  spacingMm: readonly [x: number, y: number],
): ResampledGrid {
  const { columns, rows, source } = slices[0].header;
  const alongMm = slices.map((slice) => slice.alongMm - slices[0].alongMm);
  const even = alongMm[alongMm.length - 1] / (slices.length - 1);
  const stepMm = isUneven ? layout.usualStepMm : even;
  const { first, count } = isUneven
    ? gridPlanes(alongMm, stepMm, layout)
    : { first: 0, count: slices.length };
  const [x, y] = ([0, 1] as const).map((axis) =>
    axisOf(layout.asideMm.map((aside) => (isSideways ? aside[axis] / spacingMm[axis] : 0))),
  );
  refuseEmptiness(count, Math.max(MOST_SLICES, MOST_TIMES * slices.length), "slices", source.name);
  refuseEmptiness(columns + x.grow, MOST_TIMES * columns, "columns", source.name);
  refuseEmptiness(rows + y.grow, MOST_TIMES * rows, "rows", source.name);
  const planes = Array.from({ length: count }, (_, k) => first + k * stepMm);
  const shiftPixels = x.shifts.map((shift, k) => [shift, y.shifts[k]] as const);
  const place = (mm: number): ResampledSlice => {
    const { below, above, weight } = neighbors(alongMm, mm, stepMm);
    const used = [shiftPixels[below], shiftPixels[above]];
    const isWhole = used.every((shift) => shift.every(Number.isInteger));
    return {
      below,
      above,
      weight,
      measured: weight === 0 && isWhole,
      fieldX: field(
        used.map(([shift]) => shift),
        columns,
        columns + x.grow,
      ),
      fieldY: field(
        used.map(([, shift]) => shift),
        rows,
        rows + y.grow,
      ),
    };
  };
  return {
    resampling: { repairs, slices: planes.map(place), shiftPixels },
    size: [columns + x.grow, rows + y.grow, planes.length],
    stepMm,
    startPixels: [x.start, y.start],
    startMm: planes[0],
  };
}

/**
 * Where the grid begins, from the first slice acquired, and how many slices it has: such that the longest run
 * of even slices is kept as it is.
 */
function gridPlanes(alongMm: readonly number[], stepMm: number, { stepsMm }: SliceSpacing) {
  const toleranceMm = stepToleranceMm(stepMm);
  let anchor = 0;
  let longest = -1;
  for (let start = 0; start < alongMm.length; start++) {
    let end = start;
    while (end < stepsMm.length && Math.abs(stepsMm[end] - stepMm) <= toleranceMm) end++;
    if (end - start > longest) [anchor, longest] = [start, end - start];
  }
  const slack = toleranceMm / stepMm;
  const before = Math.floor(alongMm[anchor] / stepMm + slack);
  const after = Math.floor((alongMm[alongMm.length - 1] - alongMm[anchor]) / stepMm + slack);
  return { first: alongMm[anchor] - before * stepMm, count: before + after + 1 };
}

function refuseEmptiness(got: number, accepted: number, what: string, file: string): void {
  if (got <= accepted) return;
  const message = `${file}: a true grid would have ${got} ${what}, most of them of no slice; accepted is ${accepted}`;
  throw new HounsfieldError("limit-exceeded", message, { file, got, accepted });
}

/** How slices that lie `moved` pixels aside are shifted onto an axis that holds them all. */
function axisOf(moved: readonly number[]) {
  const whole = moved.map((pixels) =>
    Math.abs(pixels - Math.round(pixels)) <= WHOLE_PIXEL ? Math.round(pixels) : pixels,
  );
  const start = Math.floor(Math.min(...whole));
  const grow = Math.ceil(Math.max(...whole)) - start;
  // "+ 0": no negative zeros.
  return { start, grow, shifts: whole.map((pixels) => start - pixels + 0) };
}

function neighbors(alongMm: readonly number[], mm: number, stepMm: number) {
  const toleranceMm = stepToleranceMm(stepMm);
  const found = alongMm.findIndex((along) => Math.abs(along - mm) <= toleranceMm);
  if (found !== -1) return { below: found, above: found, weight: 0 };
  const above = alongMm.findIndex((along) => along > mm);
  const below = above - 1;
  return { below, above, weight: (mm - alongMm[below]) / (alongMm[above] - alongMm[below]) };
}

/** Grid indices whose pixel, at index + shift, is within [0, count - 1] for each shift. */
function field(shifts: readonly number[], count: number, gridCount: number): [number, number] {
  const from = Math.max(0, ...shifts.map((shift) => Math.ceil(-shift)));
  const to = Math.min(gridCount, ...shifts.map((shift) => Math.floor(count - 1 - shift) + 1));
  return [from + 0, Math.max(from, to)];
}
