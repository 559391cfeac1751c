import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required, wholeWithin } from "../../core/rules.js";
import { huScale } from "../../core/value_scale.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { checkLabels, type LabelVolume } from "../../volume/label_volume.js";
import { withScratch } from "../scratch.js";
import { thresholdInto } from "./threshold.js";

/** Options of labelMask. */
export interface LabelMaskOptions {
  /** The label whose voxels are set, 0 to 65535. */
  readonly label: number;
}

/**
 * The mask of one label. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function labelMask(labels: LabelVolume, options: LabelMaskOptions & Control): Promise<BitMask> {
  checkLabels("labelMask", labels);
  const rules = { ...controlRules, label: required(wholeWithin(0, 65535)) };
  const { label, ...control } = checkOptions("labelMask", options, rules);
  const { engine, grid, buffer, history } = labels;
  // A threshold of the same bits, read as int16.
  const signed = (label << 16) >> 16;
  const record = new CtVolume(engine, grid, buffer, undefined, history, huScale);
  return withScratch(async (scratch) => {
    const mask = scratch.own(await allocateMask(engine, grid, "label mask", "unwritten"));
    await thresholdInto(mask, 0, record, { ...control, fromHu: signed, belowHu: signed + 1 });
    return scratch.release(mask).withHistory(historyOf("labelMask", { label }, labels));
  });
}
