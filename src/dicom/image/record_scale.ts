import type { Rescale } from "../../core/frame.js";
import { huScale, isUnscaled, storedOfValue, type ValueScale } from "../../core/value_scale.js";
import { rescaleOf, usesModalityLut } from "./rescale.js";
import type { SliceHeader } from "./slice_header.js";

/** What of a series decides the scale of its record. */
interface ScaledSeries {
  readonly slices: readonly SliceHeader[];
  readonly units: string;
  readonly values?: ValueScale;
}

/**
 * The scale of a series' int16 record where it needs no looking for: the one chosen, or the values themselves
 * where all slopes and intercepts are whole, which loading gives up where one leaves int16. Else undefined:
 * see `exactScale`, `measureScale`.
 */
export function plannedScale({ slices, units, values }: ScaledSeries): ValueScale | undefined {
  if (values) return values;
  return slices.every(isWholeRescale) ? { ...huScale, units } : undefined;
}

/** Whether a slice's values are whole numbers. */
export function isWholeRescale(header: SliceHeader): boolean {
  const { slope, intercept } = rescaleOf(header);
  return usesModalityLut(header) || (Number.isSafeInteger(slope) && Number.isSafeInteger(intercept));
}

/** Slope and intercept that take a slice's stored values to the record's. */
export function recordRescale(header: SliceHeader, values: ValueScale): Rescale {
  const { slope, intercept } = rescaleOf(header);
  if (isUnscaled(values)) return { slope, intercept };
  return {
    slope: nearWhole(slope / values.slope, 1e-9),
    intercept: nearWhole(storedOfValue(values, intercept), 1e-6),
  };
}

/** Quotients of decimal fractions are whole but for their rounding. */
function nearWhole(value: number, tolerance: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= tolerance ? whole : value;
}
