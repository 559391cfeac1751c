/** Of numbers, one a patient. */
export interface Summary {
  readonly patients: number;
  readonly mean: number;
  /** Of the population: divided by their number, as numpy's default. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** Undefined of no numbers; what is undefined does not count. */
export function summaryOf(values: readonly (number | undefined)[]): Summary | undefined {
  const known = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  if (known.length === 0) return undefined;
  const mean = meanOf(known);
  const variance = meanOf(known.map((value) => (value - mean) ** 2));
  return {
    patients: known.length,
    mean,
    standardDeviation: Math.sqrt(variance),
    min: known.reduce((least, value) => Math.min(least, value)),
    max: known.reduce((most, value) => Math.max(most, value)),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The quantile `share` of sorted numbers, linear between neighbors (type 7, numpy's default). */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const next = sorted[Math.min(low + 1, sorted.length - 1)];
  return sorted[low] + (at - low) * (next - sorted[low]);
}
