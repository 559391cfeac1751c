import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import { histogram } from "../../ops/value/histogram.js";
import { percentileHu } from "../../ops/value/statistics.js";
import { checkOpenVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { fileWindow } from "../../volume/file_window.js";
import { windowIn } from "../state/initial_state.js";
import type { CtWindow } from "../state/window_presets.js";

/** What is left out at either end, for outliers to darken or whiten nothing. */
const LEFT_OUT_PERCENT = 1;

/**
 * The window to begin with: the files' own (PS3.3 C.11.2), else from the 1st to the 99th percentile of all
 * voxels, in the volume's units.
 * @throws HounsfieldError as `histogram`
 */
export async function usualWindow(volume: CtVolume, control: Control = {}): Promise<CtWindow> {
  checkOpenVolume("usualWindow", volume);
  checkOptions("usualWindow", control, controlRules);
  const own = fileWindow(volume);
  if (own) return windowIn(own);
  const counted = await histogram(volume, control);
  const low = percentileHu(counted, { percent: LEFT_OUT_PERCENT });
  const high = percentileHu(counted, { percent: 100 - LEFT_OUT_PERCENT });
  return { centerHu: (low + high) / 2, widthHu: high > low ? high - low : volume.values.slope };
}
