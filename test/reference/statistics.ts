/** The definitions, from the voxels themselves: in two passes, and sorted. */
export function statisticsReference(voxels: readonly number[]) {
  const mean = voxels.reduce((sum, hu) => sum + hu, 0) / voxels.length;
  const variance = voxels.reduce((sum, hu) => sum + (hu - mean) ** 2, 0) / voxels.length;
  return {
    voxels: voxels.length,
    minimumHu: voxels.reduce((least, hu) => Math.min(least, hu), 32767),
    maximumHu: voxels.reduce((most, hu) => Math.max(most, hu), -32768),
    meanHu: mean,
    deviationHu: Math.sqrt(variance),
  };
}

export function countsReference(voxels: readonly number[]): Uint32Array {
  const counts = new Uint32Array(65536);
  for (const hu of voxels) counts[hu + 32768]++;
  return counts;
}

/** numpy's percentile, method "linear". */
export function percentileReference(voxels: readonly number[], percent: number): number {
  const sorted = [...voxels].sort((a, b) => a - b);
  const position = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(position)];
  return low + (sorted[Math.ceil(position)] - low) * (position - Math.floor(position));
}

/** The least voxel of which at least `percent` percent of the voxels are no larger. */
export function nearestRankReference(voxels: readonly number[], percent: number): number {
  const sorted = [...voxels].sort((a, b) => a - b);
  return sorted.find((_, rank) => (rank + 1) * 100 >= percent * sorted.length) ?? Number.NaN;
}
