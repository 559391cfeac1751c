import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, number } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { mapVolume } from "./map_volume.js";
import { huTable } from "./value_table.js";

/** One bound at least; both are whole numbers and are themselves kept. */
export interface ClipOptions {
  readonly lowHu?: number;
  readonly highHu?: number;
}

/** A new volume with HU below `lowHu` set to it, and those above `highHu` to that. Bit-exact. Throws `invalid-option`, `limit-exceeded`, `out-of-memory`. */
export async function clip(volume: CtVolume, options: ClipOptions & Control): Promise<CtVolume> {
  checkVolume("clip", volume);
  const rules = { ...controlRules, lowHu: number, highHu: number };
  const { lowHu = -32768, highHu = 32767, ...control } = checkOptions("clip", options, rules);
  const whole = [lowHu, highHu].every((hu) => Number.isInteger(hu) && hu >= -32768 && hu <= 32767);
  if (!whole || lowHu > highHu) {
    throw new HounsfieldError(
      "invalid-option",
      `clipping needs whole lowHu <= highHu within -32768 to 32767; got ${lowHu}, ${highHu}`,
      { got: [lowHu, highHu], accepted: [-32768, 32767] },
    );
  }
  const table = huTable((hu) => Math.min(highHu, Math.max(lowHu, hu)));
  const clipped = await mapVolume(volume, { table, stage: "clip", ...control });
  return clipped.withHistory(historyOf("clip", options, volume));
}
