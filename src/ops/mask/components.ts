import type { Control } from "../../core/control.js";
import type { EngineBuffer } from "../../engine/engine.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { progressInParts } from "../progress_parts.js";
import { type Scratch, withScratch } from "../scratch.js";
import { type ComponentMeasures, measureComponents } from "./component_measures.js";
import { labelRuns, type Neighbors, type RunLabels } from "./runs.js";
import { lineInvocations } from "./scan_counts.js";
import { selectComponents } from "./select_components.js";

/** Which components of a mask make the result. Every rule given must hold. */
export interface ComponentRule {
  readonly neighbors: Neighbors;
  /** Judge the components of the background, and add those chosen to the mask. */
  readonly background?: boolean;
  /** Leave out what touches any of these faces. */
  readonly rejectedFaces?: number;
  readonly maximumVoxels?: number;
  /** Of the largest component, 0 to 1, to the nearest millionth. */
  readonly minimumFraction?: number;
}

/**
 * A new mask of the components that pass `rule`; `mask` is left as it is.
 * @throws as `labelRuns`
 */
export async function filterComponents(
  mask: BitMask,
  rule: ComponentRule,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { neighbors, background = false } = rule;
  return withScratch(async (scratch) => {
    // Count, unite, measure, select: each walks the same slabs.
    const inParts = progressInParts(control, 4);
    const labels = await labelRuns(scratch, mask, { neighbors, background }, stage, inParts);
    const counted = rule.maximumVoxels !== undefined || rule.minimumFraction !== undefined;
    const measures = await measureComponents(scratch, labels, stage, inParts, { counted });
    const chosen = await chooseComponents(scratch, labels, measures, rule);
    return selectComponents(labels, chosen, stage, inParts);
  });
}

/** u32 per run: 1 at the root runs of the components that pass. */
async function chooseComponents(
  scratch: Scratch,
  { mask: { engine }, runs }: RunLabels,
  { voxels, faces }: ComponentMeasures,
  { rejectedFaces = 0, maximumVoxels = 0xffffffff, minimumFraction = 0 }: ComponentRule,
): Promise<EngineBuffer> {
  const chosen = scratch.own(await engine.allocate("chosen components", runs * 4, "unwritten"));
  const largest = scratch.own(await engine.allocate("largest component", 4));
  const invocations = lineInvocations(runs);
  // Without a fraction it stays 0, and all are as large.
  if (minimumFraction > 0) {
    await engine.run([
      { kernel: "component_largest", params: { runs }, bindings: { voxels, largest }, invocations },
    ]);
  }
  await engine.run([
    {
      kernel: "component_choose",
      params: {
        runs,
        rejected_faces: rejectedFaces,
        maximum_voxels: Math.min(maximumVoxels, 0xffffffff),
        minimum_millionths: Math.round(minimumFraction * 1e6),
      },
      bindings: { voxels, faces, largest, chosen },
      invocations,
    },
  ]);
  return chosen;
}
