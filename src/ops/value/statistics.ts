import type { Control } from "../../core/control.js";
import { checkOptions, invalidOption } from "../../core/options.js";
import { controlRules, finite, oneOf, positive, required, wholeWithin, within } from "../../core/rules.js";
import { huScale, valueOfStored } from "../../core/value_scale.js";
import { checkVolume, maskRule } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { type Histogram, type HistogramOptions, histogram } from "./histogram.js";

/**
 * What is known of the values of a volume or a mask, in HU or in the units of the volume. Of no voxels at
 * all, every HU here is NaN.
 */
export interface Statistics {
  readonly voxels: number;
  readonly minimumHu: number;
  readonly maximumHu: number;
  readonly meanHu: number;
  /**
   * Standard deviation of the voxels themselves (divided by n, as numpy's default), not an estimate for
   * others.
   */
  readonly deviationHu: number;
}

/**
 * How a percentile between two voxels is chosen. "linear" interpolates, as numpy's default (Hyndman and Fan
 * 1996, type 7); "nearest-rank" is a value that occurs: the smallest HU that at least p percent of the voxels
 * do not exceed.
 */
export type PercentileMethod = "linear" | "nearest-rank";

/**
 * Statistics of all voxels or of a mask's. From the integer counts of every HU, so the same on every device;
 * mean and deviation are exact sums (64 bit and wider) rounded once or twice to float64.
 * @throws HounsfieldError as `histogram`
 */
export async function statistics(
  volume: CtVolume,
  options: HistogramOptions & Control = {},
): Promise<Statistics & { readonly histogram: Histogram }> {
  checkVolume("statistics", volume);
  checkOptions("statistics", options, { ...controlRules, mask: maskRule });
  const counted = await histogram(volume, options);
  return { ...statisticsOf(counted), histogram: counted };
}

export function statisticsOf({ counts, voxels, values = huScale }: Histogram): Statistics {
  let sum = 0;
  // Squares of 2^32 voxels need 62 bits.
  let squares = 0n;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const hu = i - 32768;
    sum += counts[i] * hu;
    squares += BigInt(counts[i]) * BigInt(hu * hu);
  }
  const spread = BigInt(voxels) * squares - BigInt(sum) * BigInt(sum);
  const used = (i: number) => (voxels === 0 ? Number.NaN : valueOfStored(values, i - 32768));
  return {
    voxels,
    minimumHu: used(Array.prototype.findIndex.call(counts, (count) => count > 0)),
    maximumHu: used(Array.prototype.findLastIndex.call(counts, (count) => count > 0)),
    meanHu: valueOfStored(values, sum / voxels),
    deviationHu: (Math.sqrt(Number(spread)) / voxels) * values.slope,
  };
}

/** Options of percentileHu. */
export interface PercentileOptions {
  /** From 0 to 100. */
  readonly percent: number;
  /** "linear" by default. */
  readonly method?: PercentileMethod;
}

/**
 * The HU below which `percent` of the voxels lie; NaN of no voxels.
 * @throws HounsfieldError `invalid-option`
 */
export function percentileHu(counted: Histogram, options: PercentileOptions): number {
  checkHistogram("percentileHu", counted);
  const rules = { percent: required(within(0, 100)), method: oneOf("linear", "nearest-rank") };
  const { percent, method = "linear" } = checkOptions("percentileHu", options, rules);
  const { counts, voxels, values = huScale } = counted;
  if (method === "nearest-rank")
    return valueOfStored(values, storedOfRank(counts, Math.max(0, Math.ceil((percent * voxels) / 100) - 1)));
  const position = (percent * (voxels - 1)) / 100;
  const low = storedOfRank(counts, Math.floor(position));
  const high = storedOfRank(counts, Math.ceil(position));
  return valueOfStored(values, low + (high - low) * (position - Math.floor(position)));
}

/** The stored value of the voxel at `rank`, from 0, were all sorted. */
function storedOfRank(counts: Histogram["counts"], rank: number): number {
  let upTo = 0;
  const i = counts.findIndex((count) => (upTo += count) > rank);
  return i < 0 ? Number.NaN : i - 32768;
}

/** @throws HounsfieldError `invalid-option` for what is no histogram of this library */
export function checkHistogram(of: string, counted: Histogram): void {
  const { counts, voxels } = (counted ?? {}) as Partial<Histogram>;
  if (ArrayBuffer.isView(counts) && counts.length === 65536 && typeof voxels === "number") return;
  throw invalidOption(of, "histogram", counted, "what `histogram` resolves to");
}

/** Each HU in as many bins as int16 has values: more would be empty. */
const MOST_BINS = 2 ** 24;

/** Equal bins: bin b counts fromHu + b * binHu <= HU < fromHu + (b + 1) * binHu. */
export interface BinOptions {
  readonly fromHu: number;
  readonly binHu: number;
  readonly bins: number;
}

/** What binHistogram gives: counts of HU in bins of equal width. */
export interface BinnedHistogram extends BinOptions {
  readonly counts: Uint32Array | Float64Array;
  /** Voxels in none of the bins. */
  readonly below: number;
  readonly above: number;
}

/**
 * Gathers counts of single HU into bins. Exact.
 * @throws HounsfieldError `invalid-option`
 */
export function binHistogram(counted: Histogram, options: BinOptions): BinnedHistogram {
  checkHistogram("binHistogram", counted);
  const rules = {
    fromHu: required(finite),
    binHu: required(positive),
    bins: required(wholeWithin(1, MOST_BINS)),
  };
  const { fromHu, binHu, bins } = checkOptions("binHistogram", options, rules);
  const { counts, voxels, values = huScale } = counted;
  const binned = counts instanceof Float64Array ? new Float64Array(bins) : new Uint32Array(bins);
  let below = 0;
  let inside = 0;
  counts.forEach((count, i) => {
    const bin = Math.floor((valueOfStored(values, i - 32768) - fromHu) / binHu);
    if (bin < 0) below += count;
    else if (bin < bins) {
      binned[bin] += count;
      inside += count;
    }
  });
  return { fromHu, binHu, bins, counts: binned, below, above: voxels - below - inside };
}
