import type { Control } from "../core/control.js";
import type { EngineBuffer } from "../engine/engine.js";
import { type BitMask, createMask } from "../volume/bit_mask.js";
import { runSlabs } from "../volume/slabs.js";
import { progressInParts } from "./progress_parts.js";
import { labelRuns, maskInvocations, maskParams, maskSlabs, type Neighbors, type RunLabels } from "./runs.js";
import { lineInvocations } from "./scan_counts.js";
import { type Scratch, withScratch } from "./scratch.js";

/** Faces of a volume, as bits: component_measure.wgsl sets them. */
export const frameFaces = 0b001111;
export const allFaces = 0b111111;

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

/** What was measured of each component, at the index of its root run. */
interface ComponentMeasures {
  /** u32 per run. */
  readonly voxels: EngineBuffer;
  /** u32 per run, bits as `frameFaces`. */
  readonly faces: EngineBuffer;
  /** One u32: voxels of the largest. */
  readonly largest: EngineBuffer;
}

/** A new mask of the components that pass `rule`; `mask` is left as it is. Throws as `labelRuns`. */
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
    const measures = await measureComponents(scratch, labels, stage, inParts);
    return selectComponents(labels, measures, rule, stage, inParts);
  });
}

async function measureComponents(
  scratch: Scratch,
  { mask, background, runs, firstRun, root }: RunLabels,
  stage: string,
  control: Control,
): Promise<ComponentMeasures> {
  const { engine, grid } = mask;
  const voxels = scratch.own(await engine.allocate("component voxels", runs * 4));
  const faces = scratch.own(await engine.allocate("component faces", runs * 4));
  const largest = scratch.own(await engine.allocate("largest component", 4));
  await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
    {
      kernel: "component_measure",
      params: { ...maskParams(mask, background, slab), depth: grid.size[2] },
      bindings: { mask: mask.buffer, first_run: firstRun, root, voxels, faces },
      invocations: maskInvocations(mask, slab),
    },
  ]);
  const invocations = lineInvocations(runs);
  await engine.run([
    { kernel: "component_largest", params: { runs }, bindings: { voxels, largest }, invocations },
  ]);
  return { voxels, faces, largest };
}

async function selectComponents(
  labels: RunLabels,
  { voxels, faces, largest }: ComponentMeasures,
  { rejectedFaces = 0, maximumVoxels = 0xffffffff, minimumFraction = 0 }: ComponentRule,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { mask, background, firstRun, root } = labels;
  const { engine, grid } = mask;
  const rule = {
    rejected_faces: rejectedFaces,
    maximum_voxels: Math.min(maximumVoxels, 0xffffffff),
    minimum_millionths: Math.round(minimumFraction * 1e6),
    keep_mask: background ? 0xffffffff : 0,
  };
  return withScratch(async (scratch) => {
    const selected = scratch.own(await createMask(engine, grid, `${stage} mask`));
    await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
      {
        kernel: "component_select",
        params: { ...maskParams(mask, background, slab), ...rule },
        bindings: {
          mask: mask.buffer,
          first_run: firstRun,
          root,
          voxels,
          faces,
          largest,
          selected: selected.buffer,
        },
        invocations: maskInvocations(mask, slab),
      },
    ]);
    return scratch.release(selected);
  });
}
