/** What positions may be off and still be the same place; docs/series.md states these. */

/**
 * A slice may lie this far from where an even grid puts it: 1 % of the step; or 0.01 mm, which positions
 * written with two decimals need, as long as that is under 5 % of the step.
 */
export function stepToleranceMm(stepMm: number): number {
  return Math.max(0.01 * stepMm, Math.min(0.01, 0.05 * stepMm));
}

/** A slice may lie this far aside of the first one's normal: a tenth of a pixel over the whole stack. */
export const SIDEWAYS_TOLERANCE_PIXELS = 0.1;

/** Distances below are no step: positions in f64 that were written alike. */
const SAME_PLACE_MM = 1e-3;

/**
 * Steps held by this share of all are common: one odd step decides nothing, and a change of spacing is seen.
 */
const COMMON_SHARE = 0.25;

/**
 * The step of a stack: the smallest that a quarter of its steps have, so that where slices are missing it is
 * the step there was before; else the middle one. Steps of zero, of images at one place, do not count. 0
 * where there is none.
 */
export function usualStepOf(steps: readonly number[]): number {
  const real = steps.filter((step) => step > SAME_PLACE_MM).sort((a, b) => a - b);
  const alike = (step: number) => real.filter((other) => Math.abs(other - step) <= stepToleranceMm(step));
  const common = real.find((step) => alike(step).length >= COMMON_SHARE * real.length);
  if (common === undefined) return real[Math.floor((real.length - 1) / 2)] ?? 0;
  const group = alike(common);
  return group.reduce((sum, step) => sum + step, 0) / group.length;
}

/**
 * Whether ascending distances are those of an even grid: each is held against the grid from first to last, so
 * that small errors of one sign cannot add up.
 */
export function isEven(alongMm: readonly number[]): boolean {
  const [first] = alongMm;
  const stepMm = (alongMm[alongMm.length - 1] - first) / (alongMm.length - 1);
  const toleranceMm = stepToleranceMm(stepMm);
  return alongMm.every((along, k) => Math.abs(along - first - k * stepMm) <= toleranceMm);
}
