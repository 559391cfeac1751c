import type { Control } from "../../core/control.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { type PacedSlab, runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import { type Scratch, withScratch } from "../scratch.js";
import { checkBinding } from "./check_binding.js";
import { type ElementPart, partReach } from "./structuring_element.js";

/**
 * Where a mask lies in a buffer with empty margins, as shaders/common/padded.wgsl says; in words and rows.
 */
export interface PaddedLayout {
  readonly padded_first: number;
  readonly padded_rows: number;
  readonly padded_pitch: number;
}

/** A mask with margins, and two copies for the steps of a dilation to write in turn. */
export interface PaddedMask {
  readonly layout: PaddedLayout;
  readonly padded: EngineBuffer;
  readonly turns: readonly [EngineBuffer, EngineBuffer];
}

/**
 * Margins as far as `part` reaches; what it allocates is `scratch`'s. `complement` takes the clear voxels.
 */
export async function padMask(
  scratch: Scratch,
  mask: BitMask,
  part: ElementPart,
  complement: boolean,
  stage: string,
  control: Control,
): Promise<PaddedMask> {
  const { engine, grid } = mask;
  const [, across, along] = partReach(part);
  // The rows below a slice are those above the next, and so are the words beside rows.
  const padded_pitch = maskRowWords(grid) + 1;
  const padded_rows = grid.size[1] + across;
  const padded_first = 1 + (along * padded_rows + across) * padded_pitch;
  const bytes = 4 * (1 + ((grid.size[2] + 2 * along) * padded_rows + across) * padded_pitch);
  checkBinding(engine, `a mask of ${grid.size.join(" x ")} with margins`, bytes);
  const allocate = async (label: string) => scratch.own(await engine.allocate(label, bytes));
  const padded = await allocate("padded mask");
  const [even, odd] = [await allocate("even steps"), await allocate("odd steps")];
  const layout = { padded_first, padded_rows, padded_pitch };
  await runSlabs(engine, paddedSlabs(mask), stage, control, (slab) => {
    const { range, params, invocations } = slabOf(mask, layout, complement, slab);
    return [{ kernel: "mask_pad", params, bindings: { mask: range, padded, even, odd }, invocations }];
  });
  return { layout, padded, turns: [even, odd] };
}

/** A new mask on the grid of `like` from one with margins. */
export function unpadMask(
  like: BitMask,
  padded: EngineBuffer,
  layout: PaddedLayout,
  complement: boolean,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { engine, grid } = like;
  return withScratch(async (scratch) => {
    const mask = scratch.own(await allocateMask(engine, grid, `${stage} mask`, "unwritten"));
    await runSlabs(engine, paddedSlabs(like), stage, control, (slab) => {
      const { range, params, invocations } = slabOf(mask, layout, complement, slab);
      return [{ kernel: "mask_unpad", params, bindings: { padded, mask: range }, invocations }];
    });
    return scratch.release(mask);
  });
}

function paddedSlabs({ engine, grid }: BitMask): PacedSlab[] {
  return slabsOf(engine, grid, maskRowWords(grid) * grid.size[1] * 4);
}

function slabOf({ grid, buffer }: BitMask, layout: PaddedLayout, complement: boolean, { z0, z1 }: Slab) {
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const { range, firstWord } = sliceRange(buffer, pitch * rows, z0, z1);
  const slab = { columns, rows, slices: z1 - z0, first_slice: z0, mask_word: firstWord };
  const params = { ...slab, complement: complement ? 0xffffffff : 0, ...layout };
  return { range, params, invocations: [pitch, rows, z1 - z0] as const };
}
