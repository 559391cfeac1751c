import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required, within } from "../../core/rules.js";
import type { EngineBuffer } from "../../engine/engine.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask, maskRule } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs } from "../../volume/slabs.js";
import { progressInParts } from "../progress_parts.js";
import { type Scratch, withScratch } from "../scratch.js";
import {
  labelRuns,
  maskInvocations,
  maskParams,
  maskSlabs,
  type Neighbors,
  neighborsRule,
  type RunLabels,
} from "./runs.js";
import { lineInvocations } from "./scan_counts.js";
import { selectComponents } from "./select_components.js";

/** Options of keepByShare. */
export interface ShareOptions {
  /** 6 by default; 4 or 8 judge the parts of each slice. */
  readonly neighbors?: Neighbors;
  /** What is counted. */
  readonly part: BitMask;
  /** Of what it is a share. */
  readonly whole: BitMask;
  /** Kept are components with less than this share, 0 to 1, to the nearest millionth. */
  readonly shareBelow: number;
}

/**
 * A new mask of the components in which `part` has less than a share of the voxels of `whole`; those without
 * any of `whole` are dropped. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`,
 * `out-of-memory`
 */
export async function keepByShare(mask: BitMask, options: ShareOptions & Control): Promise<BitMask> {
  checkMask("keepByShare", mask);
  const {
    neighbors = 6,
    part,
    whole,
    shareBelow,
    ...control
  } = checkOptions("keepByShare", options, {
    ...controlRules,
    neighbors: neighborsRule,
    part: required(maskRule),
    whole: required(maskRule),
    shareBelow: required(within(0, 1)),
  });
  checkInputs({ mask, part, whole });
  const stage = "keep by share";
  return withScratch(async (scratch) => {
    // Count, unite, both overlaps, select.
    const inParts = progressInParts(control, 5);
    const labels = await labelRuns(scratch, mask, { neighbors, background: false }, stage, inParts);
    const parts = await countOverlap(scratch, labels, part, stage, inParts);
    const wholes = await countOverlap(scratch, labels, whole, stage, inParts);
    const chosen = scratch.own(await mask.engine.allocate("chosen components", labels.runs * 4));
    await mask.engine.run([
      {
        kernel: "component_share",
        params: { runs: labels.runs, below_millionths: Math.round(shareBelow * 1e6) },
        bindings: { parts, wholes, chosen },
        invocations: lineInvocations(labels.runs),
      },
    ]);
    const kept = await selectComponents(labels, chosen, stage, inParts);
    return kept.withHistory(historyOf("keepByShare", { neighbors, shareBelow }, mask, part, whole));
  });
}

/** u32 per run: at root runs, how many voxels of `other` the component holds. */
async function countOverlap(
  scratch: Scratch,
  { mask, background, runs, firstRun, root }: RunLabels,
  other: BitMask,
  stage: string,
  control: Control,
): Promise<EngineBuffer> {
  const { engine } = mask;
  const voxels = scratch.own(await engine.allocate("component overlap", runs * 4));
  await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
    {
      kernel: "component_overlap",
      params: maskParams(mask, background, slab),
      bindings: { mask: mask.buffer, first_run: firstRun, root, other: other.buffer, voxels },
      invocations: maskInvocations(mask, slab),
    },
  ]);
  return voxels;
}
