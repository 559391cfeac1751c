import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, number } from "../../core/rules.js";
import { isUnscaled, valueOfStored } from "../../core/value_scale.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { mapVolume } from "./map_volume.js";
import { huTable } from "./value_table.js";

/**
 * One bound at least; both are themselves kept, and are whole numbers unless the record is scaled: there the
 * nearest steps of it.
 */
export interface ClipOptions {
  readonly lowHu?: number;
  readonly highHu?: number;
}

/**
 * A new volume with HU (or values in the volume's units) below `lowHu` set to it, and those above `highHu` to
 * that. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function clip(volume: CtVolume, options: ClipOptions & Control): Promise<CtVolume> {
  checkVolume("clip", volume);
  const rules = { ...controlRules, lowHu: number, highHu: number };
  const { values } = volume;
  const [least, most] = [valueOfStored(values, -32768), valueOfStored(values, 32767)];
  const { lowHu = least, highHu = most, ...control } = checkOptions("clip", options, rules);
  const isWhole = isUnscaled(values) ? Number.isInteger : Number.isFinite;
  const held = [lowHu, highHu].every((hu) => isWhole(hu) && hu >= least && hu <= most);
  if (!held || lowHu > highHu) {
    const bounds = isUnscaled(values) ? "whole lowHu" : "lowHu";
    throw new HounsfieldError(
      "invalid-option",
      `clipping needs ${bounds} <= highHu within ${least} to ${most}; got ${lowHu}, ${highHu}`,
      { got: [lowHu, highHu], accepted: [least, most] },
    );
  }
  const table = huTable((hu) => Math.min(highHu, Math.max(lowHu, hu)), values);
  const clipped = await mapVolume(volume, { table, stage: "clip", ...control });
  return clipped.withHistory(historyOf("clip", options, volume));
}
