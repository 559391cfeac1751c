import { HounsfieldError } from "../core/errors.js";
import type { Vec3 } from "../core/grid.js";
import type { Repair } from "./faults.js";
import type { Layout } from "./layout.js";
import type { OrderedSlices } from "./order.js";
import { stepToleranceMm } from "./tolerance.js";

/**
 * How slices that lie on no true grid are put onto one: each slice of the grid is a slice as acquired, or linear between
 * its two neighbors; and each acquired slice is first moved within its plane, linear between pixels, to where the grid has it.
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
  /** Every voxel of it that was in the scanner's field is a stored value as it is; else every one is interpolated. */
  readonly measured: boolean;
  /** Voxels [from, to) along x and y that were in the scanner's field; beyond, there is no value. */
  readonly fieldX: readonly [from: number, to: number];
  readonly fieldY: readonly [from: number, to: number];
}

export type Provenance = "measured" | "interpolated" | "outside";

/** What voxel (x, y, z) of the grid is: a stored value as it was, one between several, or none. */
export function provenanceOf({ slices }: Resampling, [x, y, z]: Vec3): Provenance {
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
  /** Of the grid's first voxel from the first slice's first pixel: pixels along rows and columns, mm along the normal. */
  readonly startPixels: readonly [number, number];
  readonly startMm: number;
}

/** A shift this close to whole pixels moves stored values, it does not blend them. */
const WHOLE_PIXEL = 1e-3;
/** A grid of more slices, of more than so many times the acquired, is a hole with two ends and no volume. */
const MOST_SLICES = 4096;
const MOST_TIMES = 4;
/**
 * Plans the true grid of slices that have faults. The field grows so that no pixel is lost when slices are moved; along the
 * normal nothing is extrapolated, so that up to a step is lost at each end where the slices do not meet the grid.
 * @param columns and rows of the slices; spacingMm of a pixel, x first
 * @throws HounsfieldError `limit-exceeded` where holes would be most of the volume
 */
export function planResampling(
  { slices }: OrderedSlices,
  layout: Layout,
  repairs: readonly Repair[],
  { columns, rows, spacingMm }: { columns: number; rows: number; spacingMm: readonly [number, number] },
): ResampledGrid {
  const alongMm = slices.map((slice) => slice.alongMm - slices[0].alongMm);
  const isUneven = repairs.includes("irregular") || repairs.includes("gaps");
  const even = alongMm[alongMm.length - 1] / (slices.length - 1);
  const stepMm = isUneven ? layout.usualStepMm : even;
  const planes = isUneven ? gridPlanes(alongMm, stepMm, layout) : alongMm.map((_, k) => k * even);
  refuseHoles(planes.length, slices.length, slices[0].header.source.name);
  const isMoved = layout.asideMm.map(([x, y]) => [x / spacingMm[0], y / spacingMm[1]] as const);
  const x = repairsSideways(repairs) ? axisOf(isMoved.map(([moved]) => moved)) : still(slices.length);
  const y = repairsSideways(repairs) ? axisOf(isMoved.map(([, moved]) => moved)) : still(slices.length);
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

function repairsSideways(repairs: readonly Repair[]): boolean {
  return repairs.includes("tilt") || repairs.includes("irregular");
}

/** Distances of the grid's slices from the first one acquired: such that the longest run of even slices is kept as it is. */
function gridPlanes(alongMm: readonly number[], stepMm: number, { stepsMm }: Layout): number[] {
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
  return Array.from({ length: before + after + 1 }, (_, k) => alongMm[anchor] + (k - before) * stepMm);
}

function refuseHoles(got: number, acquired: number, file: string): void {
  const accepted = Math.max(MOST_SLICES, MOST_TIMES * acquired);
  if (got <= accepted) return;
  const message = `${file}: ${got} slices would be made of ${acquired}; accepted is ${accepted}`;
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

function still(slices: number) {
  return { start: 0, grow: 0, shifts: Array<number>(slices).fill(0) };
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
