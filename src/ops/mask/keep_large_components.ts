import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required, within } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { historyOf } from "../../volume/history.js";
import { filterComponents } from "./components.js";

/** Options of keepLargeComponents. */
export interface LargeOptions {
  /**
   * Smallest component kept, as a fraction (0 to 1) of the largest; to the nearest millionth. 1 keeps the
   * largest, and others as large.
   */
  readonly minimumFraction: number;
}

/**
 * A new mask of the large 6-connected components: the largest, and all of at least `minimumFraction` of its
 * voxels, compared in integers. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function keepLargeComponents(mask: BitMask, options: LargeOptions & Control): Promise<BitMask> {
  checkMask("keepLargeComponents", mask);
  const { minimumFraction, ...control } = checkOptions("keepLargeComponents", options, {
    ...controlRules,
    minimumFraction: required(within(0, 1)),
  });
  const rule = { neighbors: 6, minimumFraction } as const;
  const kept = await filterComponents(mask, rule, "keep large components", control);
  return kept.withHistory(historyOf("keepLargeComponents", { minimumFraction }, mask));
}
