import type { Control } from "../../core/control.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { runSlabs } from "../../volume/slabs.js";
import type { Scratch } from "../scratch.js";
import { maskInvocations, maskParams, maskSlabs, type RunLabels } from "./runs.js";

/** Faces of a volume, as bits: component_measure.wgsl sets them. */
export const FRAME_FACES = 0b001111;
export const ALL_FACES = 0b111111;

/** What was measured of each component, at the index of its root run; other entries are 0. */
export interface ComponentMeasures {
  /** u32 per run; 0 where nobody asked for them. */
  readonly voxels: EngineBuffer;
  /** u32 per run, bits as `FRAME_FACES`. */
  readonly faces: EngineBuffer;
}

export async function measureComponents(
  scratch: Scratch,
  { mask, background, runs, firstRun, root }: RunLabels,
  stage: string,
  control: Control,
  { counted = true }: { readonly counted?: boolean } = {},
): Promise<ComponentMeasures> {
  const { engine, grid } = mask;
  const voxels = scratch.own(await engine.allocate("component voxels", runs * 4));
  const faces = scratch.own(await engine.allocate("component faces", runs * 4));
  await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
    {
      kernel: "component_measure",
      params: { ...maskParams(mask, background, slab), depth: grid.size[2], counted: counted ? 1 : 0 },
      bindings: { mask: mask.buffer, first_run: firstRun, root, voxels, faces },
      invocations: maskInvocations(mask, slab),
    },
  ]);
  return { voxels, faces };
}
