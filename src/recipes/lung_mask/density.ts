/** Counts of the voxels of a mask by their HU. */
export interface DensityCounts {
  readonly voxels: number;
  /** Of the HU of all of them; whole, so exact. */
  readonly sumHu: number;
  /** Below -950 HU. */
  readonly empty: number;
  /** -700 to below -500 HU. */
  readonly hazy: number;
  /** -500 HU and above. */
  readonly solid: number;
  /** -400 HU and above. */
  readonly tissue: number;
}

/**
 * How dense lung is, as radiologists measure it; of no voxels at all every number is NaN. Percent are of the
 * mask's voxels.
 */
export interface LungDensity {
  readonly meanHu: number;
  /**
   * Below -950 HU: low attenuation area, emphysema (Gevenois and others 1996). Noise and thin slices raise
   * it.
   */
  readonly laa950Percent: number;
  /**
   * -700 to below -500 HU: ground glass, and the lower lobes of a lung that has not breathed in. Healthy: 5
   * to 10.
   */
  readonly from700To500Percent: number;
  /** -500 HU and above: vessels (healthy: 4 to 6), and consolidation as far as the mask holds it. */
  readonly above500Percent: number;
}

const OFFSET = 32768;

/** From how often each HU occurs: entry i is for HU i - 32768. */
export function densityCounts(counts: ArrayLike<number>): DensityCounts {
  const between = (fromHu: number, belowHu: number) => {
    let sum = 0;
    for (let i = fromHu + OFFSET; i < belowHu + OFFSET; i++) sum += counts[i];
    return sum;
  };
  let sumHu = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) sumHu += counts[i] * (i - OFFSET);
  return {
    voxels: between(-OFFSET, OFFSET),
    sumHu,
    empty: between(-OFFSET, -950),
    hazy: between(-700, -500),
    solid: between(-500, OFFSET),
    tissue: between(-400, OFFSET),
  };
}

/** Of one part, or of several taken together. */
export function densityOf(...parts: readonly DensityCounts[]): LungDensity {
  const sum = (of: (part: DensityCounts) => number) => parts.reduce((total, part) => total + of(part), 0);
  const voxels = sum((part) => part.voxels);
  const percent = (count: number) => (100 * count) / voxels;
  return Object.freeze({
    meanHu: sum((part) => part.sumHu) / voxels,
    laa950Percent: percent(sum((part) => part.empty)),
    from700To500Percent: percent(sum((part) => part.hazy)),
    above500Percent: percent(sum((part) => part.solid)),
  });
}
