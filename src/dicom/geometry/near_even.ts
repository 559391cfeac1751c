import { plus } from "../../core/vec3.js";
import type { ImagePlane } from "./image_plane.js";
import type { OrderedSlices, PlacedSlice } from "./sort_slices.js";

/**
 * Slices this share of a step off an even grid are taken as even, and it is said: other readers load them
 * without a word.
 */
const NEAR_SHARE = 0.05;

/** Where fewer of the steps than this share lead to the next slice of the grid, it is no grid with holes. */
const WHOLE_SHARE = 2 / 3;

/**
 * Rounding of positions explains as much of a step; and so much more where a header states the step that it
 * hides.
 */
const ROUNDING_SHARE = 0.1;
const STATED_ROUNDING_SHARE = 0.25;
/** A stated spacing is that of the grid when they differ by less than this share. */
const SAME_SPACING = 0.02;

/** An even grid that slices do not lie on, but near enough to be taken for theirs. */
export interface NearEvenGrid {
  readonly stepMm: number;
  /** Where each slice belongs, counted from the first: without a hole, 0, 1, 2... */
  readonly indices: readonly number[];
  readonly hasHoles: boolean;
  /** The slices moved along the normal to where the grid has them. */
  readonly ordered: OrderedSlices;
  /** How far slices lie off the grid, at most. */
  readonly offMm: number;
  /** The positions have so few decimals that this is their rounding. */
  readonly isRounding: boolean;
}

/**
 * The even grid that slices lie near, each within 5 % of a step from where the grid from first to last has
 * it; or within what rounding to the decimals that the positions were written with makes of an even grid,
 * which is then the one that fits best. Holes of whole steps are left open.
 * @param usualStepMm as SliceSpacing has it
 */
export function nearEvenGrid(
  ordered: OrderedSlices,
  plane: ImagePlane,
  usualStepMm: number,
): NearEvenGrid | undefined {
  const { slices } = ordered;
  // Rounding may make the usual step much smaller than the true one: 2.5 mm without decimals is 2 or 3.
  const meanMm = (slices[slices.length - 1].alongMm - slices[0].alongMm) / (slices.length - 1);
  return gridBySteps(ordered, plane, usualStepMm) ?? gridBySteps(ordered, plane, meanMm);
}

function gridBySteps(
  ordered: OrderedSlices,
  plane: ImagePlane,
  usualStepMm: number,
): NearEvenGrid | undefined {
  const { slices } = ordered;
  const alongMm = slices.map((slice) => slice.alongMm - slices[0].alongMm);
  const indices = [0];
  for (let k = 1; k < slices.length; k++) {
    const steps = Math.round((alongMm[k] - alongMm[k - 1]) / usualStepMm);
    indices.push(indices[k - 1] + Math.max(1, steps));
  }
  const last = slices.length - 1;
  const whole = indices.filter((index, k) => k > 0 && index === indices[k - 1] + 1).length;
  if (whole < WHOLE_SHARE * last) return undefined;
  const through = { stepMm: alongMm[last] / indices[last], startMm: 0 };
  const isNear = offOf(alongMm, indices, through) <= NEAR_SHARE * through.stepMm;
  const isRounding = !isNear && isRounded(slices, plane, alongMm, indices);
  if (!isNear && !isRounding) return undefined;
  const grid = isRounding ? fittedGrid(alongMm, indices) : through;
  const moved = slices.map((slice, k): PlacedSlice => {
    const byMm = grid.startMm + indices[k] * grid.stepMm - alongMm[k];
    const positionMm = slice.positionMm && plus(slice.positionMm, plane.normal, byMm);
    return { ...slice, positionMm, alongMm: slice.alongMm + byMm };
  });
  return {
    stepMm: grid.stepMm,
    indices,
    hasHoles: indices[last] > last,
    ordered: { ...ordered, slices: moved },
    offMm: offOf(alongMm, indices, grid),
    isRounding,
  };
}

interface Line {
  readonly stepMm: number;
  readonly startMm: number;
}

function offOf(alongMm: readonly number[], indices: readonly number[], { stepMm, startMm }: Line): number {
  return Math.max(...alongMm.map((along, k) => Math.abs(along - startMm - indices[k] * stepMm)));
}

/** Least squares. */
function fittedGrid(alongMm: readonly number[], indices: readonly number[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, center] = [mean(indices), mean(alongMm)];
  const squares = indices.reduce((sum, index) => sum + (index - middle) ** 2, 0);
  const products = indices.reduce((sum, index, k) => sum + (index - middle) * (alongMm[k] - center), 0);
  const stepMm = products / squares;
  return { stepMm, startMm: center - stepMm * middle };
}

/** Whether an even grid, each of its positions rounded as these are written, may be these positions. */
function isRounded(
  slices: readonly PlacedSlice[],
  plane: ImagePlane,
  alongMm: readonly number[],
  indices: readonly number[],
): boolean {
  const bound = roundingMm(slices, plane);
  const { stepMm } = fittedGrid(alongMm, indices);
  if (bound > (isStated(slices, stepMm) ? STATED_ROUNDING_SHARE : ROUNDING_SHARE) * stepMm) return false;
  // Of all steps, the one with the narrowest band around the slices: the width is convex in the step.
  const width = (step: number) => {
    const rest = alongMm.map((along, k) => along - step * indices[k]);
    return Math.max(...rest) - Math.min(...rest);
  };
  let [low, high] = [stepMm - bound, stepMm + bound];
  for (let i = 0; i < 60; i++) {
    const third = (high - low) / 3;
    if (width(low + third) < width(high - third)) high -= third;
    else low += third;
  }
  return width((low + high) / 2) <= 2 * bound + 1e-6;
}

/** Half a unit of the last decimal of each coordinate that changes, along the normal. */
function roundingMm(slices: readonly PlacedSlice[], { normal }: ImagePlane): number {
  const half = (values: readonly number[]) => {
    const decimals = Math.max(...values.map(decimalsOf));
    return values.every((value) => value === values[0]) ? 0 : 0.5 * 10 ** -decimals;
  };
  const places = slices.map(({ positionMm, alongMm }) => positionMm ?? ([0, 0, alongMm] as const));
  const hasPlaces = slices[0].positionMm !== undefined;
  const axes = ([0, 1, 2] as const).map(
    (axis) => (hasPlaces ? Math.abs(normal[axis]) : 1) * half(places.map((place) => place[axis])),
  );
  return axes[0] + axes[1] + axes[2];
}

/** Of a number as it was written; dust of arithmetic, below a picometer, is none. */
function decimalsOf(value: number): number {
  const [, digits = ""] = value.toFixed(9).replace(/0+$/, "").split(".");
  return digits.length;
}

function isStated(slices: readonly PlacedSlice[], stepMm: number): boolean {
  return slices.every(({ header: { spacingBetweenSlices, sliceThickness } }) =>
    [spacingBetweenSlices, sliceThickness].some(
      (length) => length !== undefined && Math.abs(length - stepMm) <= SAME_SPACING * stepMm,
    ),
  );
}
