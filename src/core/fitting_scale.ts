import { huScale, type ValueScale } from "./value_scale.js";

/** Steps of the record that a range is cut into where no whole ones fit: all that int16 has. */
export const RECORD_STEPS = 65535;

/**
 * The scale of an int16 record that holds all values from `low` to `high`: the values themselves where they
 * are whole and int16 has them; whole steps from the least one on where it has as many; else 65535 even
 * steps, so that each value is within half a step.
 */
export function fittingScale(low: number, high: number, isWhole: boolean, units: string): ValueScale {
  if (!isWhole || high - low > RECORD_STEPS) return evenSteps(low, high, units);
  if (low >= -32768 && high <= 32767) return { ...huScale, units };
  return { slope: 1, intercept: low + 32768, units };
}

/** 65535 steps from `low` to `high`. */
export function evenSteps(low: number, high: number, units: string): ValueScale {
  const slope = (high - low) / RECORD_STEPS || 1;
  return { slope, intercept: low + 32768 * slope, units };
}
