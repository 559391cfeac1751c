import type { Control } from "../../core/control.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import { runSlabs } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { maskInvocations, maskParams, maskSlabs, type RunLabels } from "./runs.js";

/**
 * A new mask of the components whose root run is not 0 in `chosen` (u32 per run); those of a background are
 * added to the mask.
 */
export function selectComponents(
  { mask, background, firstRun, root }: RunLabels,
  chosen: EngineBuffer,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { engine, grid } = mask;
  return withScratch(async (scratch) => {
    const selected = scratch.own(await allocateMask(engine, grid, `${stage} mask`, "unwritten"));
    await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
      {
        kernel: "component_select",
        params: { ...maskParams(mask, background, slab), keep_mask: background ? 0xffffffff : 0 },
        bindings: { mask: mask.buffer, first_run: firstRun, root, chosen, selected: selected.buffer },
        invocations: maskInvocations(mask, slab),
      },
    ]);
    return scratch.release(selected);
  });
}
