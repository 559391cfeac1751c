import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs } from "../../volume/slabs.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { labelRuns, maskInvocations, maskParams, maskSlabs, type Neighbors, neighborsRule } from "./runs.js";
import { selectComponents } from "./select_components.js";

/** Options of growFrom. */
export interface GrowOptions {
  /** 6 by default; 4 or 8 grow within slices. */
  readonly neighbors?: Neighbors;
}

/**
 * A new mask of what can be reached from `seed` without leaving `inside`: the components of `inside` that
 * hold a seed (morphological reconstruction, seeded region growing). Seeds outside `inside` count for
 * nothing. By labeling, so as fast for a long winding way as for a short one. Bit-exact.
 * @throws HounsfieldError `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function growFrom(
  seed: BitMask,
  inside: BitMask,
  options: GrowOptions & Control = {},
): Promise<BitMask> {
  checkMask("growFrom", seed, "seed");
  checkMask("growFrom", inside, "inside");
  const rules = { ...controlRules, neighbors: neighborsRule };
  const { neighbors = 6, ...control } = checkOptions("growFrom", options, rules);
  checkInputs({ inside, seed });
  const { engine } = inside;
  const stage = "grow";
  return withScratch(async (scratch) => {
    // Count, unite, touch, select.
    const inParts = progressInParts(control, 4);
    const labels = await labelRuns(scratch, inside, { neighbors, background: false }, stage, inParts);
    const { runs, firstRun, root } = labels;
    const chosen = scratch.own(await engine.allocate("chosen components", runs * 4));
    await runSlabs(engine, maskSlabs(inside), stage, inParts, (slab) => [
      {
        kernel: "component_touch",
        params: maskParams(inside, false, slab),
        bindings: { mask: inside.buffer, first_run: firstRun, root, seed: seed.buffer, chosen },
        invocations: maskInvocations(inside, slab),
      },
    ]);
    const grown = await selectComponents(labels, chosen, stage, inParts);
    return grown.withHistory(historyOf("growFrom", { neighbors }, seed, inside));
  });
}
