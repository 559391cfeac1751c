import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, wholeWithin } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { historyOf } from "../../volume/history.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { measureComponents } from "./component_measures.js";
import { rankComponents } from "./component_ranks.js";
import { labelRuns, type Neighbors, neighborsRule } from "./runs.js";
import { selectComponents } from "./select_components.js";

/** Options of keepLargest. */
export interface LargestOptions {
  /** Components kept; 1 by default. */
  readonly count?: number;
  /** 6 by default. */
  readonly neighbors?: Neighbors;
}

/**
 * A new mask of the `count` largest components, fewer where there are fewer; of equally large ones those that
 * begin first, slices by ascending z, then rows, then columns. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function keepLargest(mask: BitMask, options: LargestOptions & Control = {}): Promise<BitMask> {
  checkMask("keepLargest", mask);
  const rules = { ...controlRules, count: wholeWithin(1, 2 ** 20), neighbors: neighborsRule };
  const { count = 1, neighbors = 6, ...control } = checkOptions("keepLargest", options, rules);
  const stage = "keep largest";
  return withScratch(async (scratch) => {
    // Count, unite, measure, select.
    const inParts = progressInParts(control, 4);
    const labels = await labelRuns(scratch, mask, { neighbors, background: false }, stage, inParts);
    const measures = await measureComponents(scratch, labels, stage, inParts);
    const { rank } = await rankComponents(scratch, labels, measures, count);
    const kept = await selectComponents(labels, rank, stage, inParts);
    return kept.withHistory(historyOf("keepLargest", { count, neighbors }, mask));
  });
}
