/** Of all values of an array. */
export interface ValueSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/**
 * Of what `value` makes of each HU or stored value, from how often each occurs: exact to the rounding of the
 * mean, and never a pass over the values themselves.
 */
export function summaryOfHistogram(
  { counts, voxels }: { readonly counts: ArrayLike<number>; readonly voxels: number },
  value: (hu: number) => number = (hu) => hu,
): ValueSummary {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const one = value(i - 32768);
    min = Math.min(min, one);
    max = Math.max(max, one);
    sum += counts[i] * one;
  }
  return { min, max, mean: sum / voxels };
}

/** Of labels, from how many voxels have each; the rest is 0. */
export function summaryOfLabels(
  counts: readonly { readonly label: number; readonly voxels: number }[],
  total: number,
): ValueSummary {
  const used = counts.filter(({ voxels }) => voxels > 0);
  const labels = used.map(({ label }) => label);
  const labeled = used.reduce((sum, { voxels }) => sum + voxels, 0);
  if (labeled < total) labels.push(0);
  const sum = used.reduce((all, { label, voxels }) => all + label * voxels, 0);
  return { min: Math.min(...labels), max: Math.max(...labels), mean: sum / total };
}

export function summaryOfValues(values: ArrayLike<number>): ValueSummary {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]);
    max = Math.max(max, values[i]);
    sum += values[i];
  }
  return { min, max, mean: sum / values.length };
}
