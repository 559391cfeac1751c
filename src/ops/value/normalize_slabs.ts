import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { RulesOf } from "../../core/options.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, number, oneOf, required } from "../../core/rules.js";
import { huScale, valueOfStored } from "../../core/value_scale.js";
import { checkVolume, maskRule } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import type { ValueSlab } from "../stream_slabs.js";
import { type Histogram, type HistogramOptions, histogram } from "./histogram.js";
import { mapSlabs } from "./map_volume.js";
import { checkHistogram, percentileHu, statisticsOf } from "./statistics.js";
import { floatTable, type HuFunction } from "./value_table.js";

/** Options of normalizeSlabs. */
export interface NormalizeOptions {
  /**
   * "z-score": minus the mean, over the standard deviation. "percentile": the low percentile becomes 0 and
   * the high one 1. Both hold values at the two percentiles first; mean and deviation are of the values
   * before that, as nnU-Net's CT normalization has it.
   */
  readonly method: "z-score" | "percentile";
  /**
   * By default 0.5 and 99.5 for "percentile", 0 and 100 (no value is held) for "z-score". Interpolated
   * between voxels.
   */
  readonly lowPercent?: number;
  readonly highPercent?: number;
}

/** (clamp(hu, lowHu, highHu) - offsetHu) / scaleHu: plain numbers, to be kept beside the result. */
export interface Normalization {
  readonly offsetHu: number;
  readonly scaleHu: number;
  readonly lowHu: number;
  readonly highHu: number;
}

/**
 * Normalized float32 values of all voxels as slabs in ascending z, after the statistics of all voxels or of a
 * mask's. Deterministic: each value is the float32 nearest to the f64 result, on every device.
 * @throws HounsfieldError `invalid-option`, also where the values do not differ and there is nothing to scale
 * by, `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function* normalizeSlabs(
  volume: CtVolume,
  options: NormalizeOptions & HistogramOptions & Control,
): AsyncGenerator<ValueSlab<Float32Array>> {
  checkVolume("normalizeSlabs", volume);
  checkOptions("normalizeSlabs", options, { ...controlRules, ...normalizeRules, mask: maskRule });
  const { mask, signal, onProgress, ...method } = options;
  const counted = await histogram(volume, { mask, signal, onProgress });
  const table = floatTable(normalizeFunction(normalizationOf(counted, method)), volume.values);
  yield* mapSlabs(volume, { table, stage: "normalize", signal, onProgress });
}

/**
 * The numbers of a normalization, of one volume's histogram or of a data set's.
 * @throws HounsfieldError `invalid-option`
 */
export function normalizationOf(counted: Histogram, options: NormalizeOptions): Normalization {
  checkHistogram("normalizationOf", counted);
  const { method, lowPercent, highPercent } = checkOptions("normalizationOf", options, normalizeRules);
  const z = method === "z-score";
  const lowHu = percentileHu(counted, { percent: lowPercent ?? (z ? 0 : 0.5) });
  const highHu = percentileHu(counted, { percent: highPercent ?? (z ? 100 : 99.5) });
  const { meanHu, deviationHu } = statisticsOf(counted);
  const [offsetHu, scaleHu] = z ? [meanHu, deviationHu] : [lowHu, highHu - lowHu];
  if (!(scaleHu > 0 && highHu >= lowHu)) {
    throw new HounsfieldError(
      "invalid-option",
      `"${method}" needs values that differ, and lowPercent < highPercent; got ${counted.voxels} voxels of ${lowHu} to ${highHu} HU`,
      { got: { voxels: counted.voxels, lowHu, highHu } },
    );
  }
  // Without percentiles of its own a z-score holds nothing, not even what lies outside its mask's values.
  if (z && lowPercent === undefined && highPercent === undefined) {
    const { values = huScale } = counted;
    return { offsetHu, scaleHu, lowHu: valueOfStored(values, -32768), highHu: valueOfStored(values, 32767) };
  }
  return { offsetHu, scaleHu, lowHu, highHu };
}

const normalizeRules: RulesOf<NormalizeOptions> = {
  method: /* @__PURE__ */ required(/* @__PURE__ */ oneOf("z-score", "percentile")),
  lowPercent: number,
  highPercent: number,
};

/** A normalization as a function, for tables. */
export function normalizeFunction({ offsetHu, scaleHu, lowHu, highHu }: Normalization): HuFunction {
  return (hu) => (Math.min(highHu, Math.max(lowHu, hu)) - offsetHu) / scaleHu;
}
