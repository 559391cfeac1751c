import { checkOptions, invalidOption } from "../../core/options.js";
import { boolean, finite, positive, required } from "../../core/rules.js";
import type { HuFunction } from "./value_table.js";

/** Options of scaleIntensityRange, by MONAI's names a_min, a_max, b_min, b_max. */
export interface IntensityRange {
  readonly fromHu: number;
  /** Above fromHu. */
  readonly toHu: number;
  /** What fromHu and toHu become; 0 and 1 where absent. */
  readonly low?: number;
  readonly high?: number;
  /** Whether what lies outside is held at the ends: true where absent. MONAI's default is false. */
  readonly clip?: boolean;
}

/** The linear function of MONAI's `ScaleIntensityRange(d)`. @throws HounsfieldError `invalid-option` */
export function scaleIntensityRange(range: IntensityRange): HuFunction {
  const of = "scaleIntensityRange";
  const rules = {
    fromHu: required(finite),
    toHu: required(finite),
    low: finite,
    high: finite,
    clip: boolean,
  };
  const { fromHu, toHu, low = 0, high = 1, clip = true } = checkOptions(of, range, rules);
  if (!(toHu > fromHu)) throw invalidOption(of, "toHu", toHu, `more than ${fromHu}`);
  return (hu) => {
    const value = ((hu - fromHu) / (toHu - fromHu)) * (high - low) + low;
    return clip ? Math.min(Math.max(low, high), Math.max(Math.min(low, high), value)) : value;
  };
}

/** Of an nnU-Net plans.json, under foreground_intensity_properties_per_channel. */
export interface CtIntensities {
  readonly mean: number;
  readonly std: number;
  readonly percentile_00_5: number;
  readonly percentile_99_5: number;
}

/**
 * nnU-Net's CTNormalization (v2, `default_normalization_schemes.py`): held within the percentiles, less the
 * mean, over the deviation, which is 1e-8 at least. @throws HounsfieldError `invalid-option`
 */
export function ctNormalization(intensities: CtIntensities): HuFunction {
  const { mean, std, percentile_00_5, percentile_99_5 } = checkOptions("ctNormalization", intensities, {
    mean: required(finite),
    std: required(positive),
    percentile_00_5: required(finite),
    percentile_99_5: required(finite),
  });
  const deviation = Math.max(std, 1e-8);
  return (hu) => (Math.min(percentile_99_5, Math.max(percentile_00_5, hu)) - mean) / deviation;
}
