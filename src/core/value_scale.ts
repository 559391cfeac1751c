/**
 * What the int16 record of a volume stands for: value = stored * slope + intercept, in `units`. The slope is
 * above 0, so order is kept. Plain data: it stands in reports beside the arrays.
 */
export interface ValueScale {
  readonly slope: number;
  readonly intercept: number;
  /** "HU", another Rescale Type (PS3.3 C.11.1.1.2), or "unspecified". */
  readonly units: string;
}

/** The record is HU itself: all ordinary CT. */
export const huScale: ValueScale = /* @__PURE__ */ Object.freeze({ slope: 1, intercept: 0, units: "HU" });

/** The record is the values themselves, whatever their units. */
export function isUnscaled({ slope, intercept }: ValueScale): boolean {
  return slope === 1 && intercept === 0;
}

/** What a stored value stands for. */
export function valueOfStored({ slope, intercept }: ValueScale, stored: number): number {
  return stored * slope + intercept;
}

/** Where a value lies among the stored ones: a whole number only where it is one of them. */
export function storedOfValue({ slope, intercept }: ValueScale, value: number): number {
  return (value - intercept) / slope;
}

/**
 * The first stored value, from -32768 to 32768, that stands for `value` or more; 32768 where none does. As
 * the record itself is compared, in f64: a quotient alone may miss a value that is one of the record's.
 */
export function firstStoredFrom(scale: ValueScale, value: number): number {
  let stored = Math.ceil(Math.min(32768, Math.max(-32768, storedOfValue(scale, value))));
  while (stored > -32768 && valueOfStored(scale, stored - 1) >= value) stored--;
  while (stored < 32768 && valueOfStored(scale, stored) < value) stored++;
  return stored;
}
