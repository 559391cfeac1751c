import type { Control } from "../core/control.js";
import type { EngineBuffer, Pass } from "../engine/engine.js";
import { type BitMask, createMask, maskRowWords } from "../volume/bit_mask.js";
import { sliceRange } from "../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../volume/slabs.js";
import { findWorkTiles } from "./mask_tiles.js";
import { progressInParts } from "./progress_parts.js";
import { withScratch } from "./scratch.js";
import { rowFields, type SpreadStep, spreadSteps } from "./spread_steps.js";
import { type ElementPart, elementParts, type StructuringElement } from "./structuring_element.js";

/**
 * A new mask: set is what an element around any set voxel reaches. Outside the volume counts as clear.
 * Bit-exact: equal to trying every voxel of the element. Throws `invalid-option`, `limit-exceeded`, `out-of-memory`.
 */
export function dilate(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [false], "dilate");
}

/**
 * A new mask: set is where the whole element is set. Outside the volume counts as set, so that a mask which the scan cuts is
 * not worn away there: the erosion is the dilation of the clear voxels, complemented. Bit-exact. Throws as `dilate`.
 */
export function erode(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [true], "erode");
}

/** Eroded, then dilated: a new mask without what the element does not fit in. Nothing is added. Bit-exact. Throws as `dilate`. */
export function openMask(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [true, false], "open");
}

/** Dilated, then eroded: a new mask with the gaps filled that the element does not fit in. Nothing is removed, at the border of the volume either. Bit-exact. Throws as `dilate`. */
export function closeMask(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [false, true], "close");
}

/** One dilation a turn and part of the element; of the clear voxels where `complement`. */
async function spreadInTurn(
  mask: BitMask,
  options: StructuringElement & Control,
  complements: readonly boolean[],
  stage: string,
): Promise<BitMask> {
  const parts = elementParts(options, mask.grid);
  const turns = complements.flatMap((complement) => parts.map((part) => ({ part, complement })));
  const inParts = progressInParts(options, turns.length);
  return withScratch(async (scratch) => {
    let latest = mask;
    for (const { part, complement } of turns) {
      const next = scratch.own(await spread(latest, part, complement, stage, inParts));
      if (latest !== mask) scratch.free(latest);
      latest = next;
    }
    return scratch.release(latest);
  });
}

async function spread(
  mask: BitMask,
  part: ElementPart,
  complement: boolean,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { engine, grid } = mask;
  const halo = part.reduce((most, { dz }) => Math.max(most, dz), 0);
  const words = maskRowWords(grid) * grid.size[1];
  // The halo on either side is seen, not worked on; (1 + 2 halo) slices for each one are never too few.
  const slabs = slabsOf(engine, grid, words * 4 * (1 + 2 * halo));
  const steps = spreadSteps(part);
  return withScratch(async (scratch) => {
    const result = scratch.own(await createMask(engine, grid, `${stage} mask`));
    const spare = scratch.own(await engine.allocate("spread slab", words * 4 * (slabs[0].z1 - slabs[0].z0)));
    const work = await findWorkTiles(scratch, mask, part, complement, slabs);
    await runSlabs(engine, slabs, stage, control, (slab) =>
      spreadPasses({ mask, complement, halo, steps, work, spare, result }, slab),
    );
    return scratch.release(result);
  });
}

interface SpreadPlan {
  readonly mask: BitMask;
  readonly complement: boolean;
  /** Slices that the element reaches up and down. */
  readonly halo: number;
  readonly steps: readonly SpreadStep[];
  readonly work: EngineBuffer;
  readonly spare: EngineBuffer;
  readonly result: BitMask;
}

/** Steps write the spare slab and the result in turn, so that the last writes the result. */
function spreadPasses(
  { mask, complement, halo, steps, work, spare, result }: SpreadPlan,
  { z0, z1 }: Slab,
): Pass[] {
  const [columns, rows, depth] = mask.grid.size;
  const pitch = maskRowWords(mask.grid);
  const [low, high] = [Math.max(0, z0 - halo), Math.min(depth, z1 + halo)];
  const source = sliceRange(mask.buffer, pitch * rows, low, high);
  const final = sliceRange(result.buffer, pitch * rows, z0, z1);
  const sides = [final, { range: spare, firstWord: 0 }];
  const invert = complement ? 0xffffffff : 0;
  return steps.map((step, i): Pass => {
    const left = steps.length - 1 - i;
    const [to, from] = left % 2 === 0 ? sides : [sides[1], sides[0]];
    return {
      kernel: "mask_spread",
      params: {
        columns,
        rows,
        slices: z1 - z0,
        first_slice: z0,
        fresh: i === 0 ? 1 : 0,
        reach: step.reach,
        mask_slices: high - low,
        lead: z0 - low,
        complement: invert,
        finish: left === 0 ? invert : 0,
        mask_word: source.firstWord,
        gathered_word: from.firstWord,
        spread_word: to.firstWord,
        ...rowFields(step),
      },
      bindings: { mask: source.range, work, gathered: from.range, spread: to.range },
      invocations: [pitch, rows, z1 - z0],
    };
  });
}
