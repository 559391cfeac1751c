import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { boolean, controlRules } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { historyOf } from "../../volume/history.js";
import { FRAME_FACES } from "./component_measures.js";
import { filterComponents } from "./components.js";

/** Options of removeBorderComponents. */
export interface BorderOptions {
  /** Judge each slice by itself (4-connected, the default), or components of the volume (6-connected). */
  readonly perSlice?: boolean;
}

/**
 * A new mask without the components that touch the frame: the first or last column or row. The first and last
 * slice are no frame, for scans end inside the body. Bit-exact.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function removeBorderComponents(
  mask: BitMask,
  options: BorderOptions & Control = {},
): Promise<BitMask> {
  checkMask("removeBorderComponents", mask);
  const rules = { ...controlRules, perSlice: boolean };
  const { perSlice = true, ...control } = checkOptions("removeBorderComponents", options, rules);
  const rule = { neighbors: perSlice ? 4 : 6, rejectedFaces: FRAME_FACES } as const;
  const inner = await filterComponents(mask, rule, "remove border components", control);
  return inner.withHistory(historyOf("removeBorderComponents", options, mask));
}
