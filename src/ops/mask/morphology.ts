import type { Control } from "../../core/control.js";
import type { Pass } from "../../engine/engine.js";
import { together } from "../../engine/round_trips.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { historyOf } from "../../volume/history.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { listWorkTiles, TILE_WORDS, type TileList } from "./mask_tiles.js";
import { padMask, unpadMask } from "./padded_mask.js";
import { runSteps } from "./run_steps.js";
import { lineInvocations } from "./scan_counts.js";
import { rowFields, spreadSteps } from "./spread_steps.js";
import {
  checkElement,
  type ElementPart,
  elementParts,
  type StructuringElement,
} from "./structuring_element.js";

/**
 * A new mask: set is what an element around any set voxel reaches. Outside the volume counts as clear.
 * Bit-exact: equal to trying every voxel of the element.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export function dilate(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [false], "dilate", "dilate");
}

/**
 * A new mask: set is where the whole element is set. Outside the volume counts as set, so that a mask which
 * the scan cuts is not worn away there: the erosion is the dilation of the clear voxels, complemented.
 * Bit-exact.
 * @throws as `dilate`
 */
export function erode(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [true], "erode", "erode");
}

/**
 * Eroded, then dilated: a new mask without what the element does not fit in. Nothing is added. Bit-exact.
 * @throws as `dilate`
 */
export function opening(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [true, false], "open", "opening");
}

/**
 * Dilated, then eroded: a new mask with the gaps filled that the element does not fit in. Nothing is removed,
 * at the border of the volume either. Bit-exact.
 * @throws as `dilate`
 */
export function closing(mask: BitMask, options: StructuringElement & Control): Promise<BitMask> {
  return spreadInTurn(mask, options, [false, true], "close", "closing");
}

/** A mask and what it is to be dilated or closed by. */
export interface MaskAndElement {
  readonly mask: BitMask;
  readonly element: StructuringElement;
}

/**
 * As `dilate` of each, for masks that do not need each other: what their plans need of the device is read in
 * one round trip.
 */
export function dilateEach(jobs: readonly MaskAndElement[], control: Control): Promise<BitMask[]> {
  return spreadEach(jobs, [false], "dilate", "dilate", control);
}

/** As `erode` of each, likewise. */
export function erodeEach(jobs: readonly MaskAndElement[], control: Control): Promise<BitMask[]> {
  return spreadEach(jobs, [true], "erode", "erode", control);
}

/** As `closing` of each, likewise. */
export function closeEach(jobs: readonly MaskAndElement[], control: Control): Promise<BitMask[]> {
  return spreadEach(jobs, [false, true], "close", "closing", control);
}

async function spreadInTurn(
  mask: BitMask,
  options: StructuringElement & Control,
  complements: readonly boolean[],
  stage: string,
  operation: string,
): Promise<BitMask> {
  checkMask(operation, mask);
  checkElement(operation, options);
  const [result] = await spreadEach([{ mask, element: options }], complements, stage, operation, options);
  return result;
}

/** One dilation a turn and part of the element; of the clear voxels where `complement`. */
interface Turn {
  readonly part: ElementPart;
  readonly complement: boolean;
}

/**
 * The turns of all masks side by side: the lists of a turn are made together, then one mask after another is
 * spread, as each takes much memory.
 */
async function spreadEach(
  jobs: readonly MaskAndElement[],
  complements: readonly boolean[],
  stage: string,
  operation: string,
  control: Control,
): Promise<BitMask[]> {
  const works = jobs.map(({ mask, element }) => {
    const parts = elementParts(element, mask.grid);
    const turns: Turn[] = complements.flatMap((complement) => parts.map((part) => ({ part, complement })));
    return { mask, element, turns, latest: mask };
  });
  const inParts = progressInParts(
    control,
    works.reduce((sum, { turns }) => sum + turns.length, 0),
  );
  return withScratch(async (scratch) => {
    for (let turn = 0; works.some(({ turns }) => turn < turns.length); turn++) {
      const ready = works.filter(({ turns }) => turn < turns.length);
      const listing = ready.map(
        ({ latest, turns }) =>
          () =>
            listWorkTiles(scratch, latest, turns[turn]),
      );
      const lists = await together(works[0].mask.engine, ...listing);
      for (const [i, work] of ready.entries()) {
        const next = scratch.own(await spread(work.latest, work.turns[turn], lists[i], stage, inParts));
        scratch.free(lists[i].list);
        if (work.latest !== work.mask) scratch.free(work.latest);
        work.latest = next;
      }
    }
    return works.map(({ mask, element, latest }) =>
      scratch.release(latest).withHistory(historyOf(operation, element, mask)),
    );
  });
}

/** Pads, spreads in steps where there is work, unpads. */
async function spread(
  mask: BitMask,
  { part, complement }: Turn,
  { list, tiles }: TileList,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { engine, grid } = mask;
  const [columns, rows, slices] = grid.size;
  return withScratch(async (scratch) => {
    const inParts = progressInParts(control, 3);
    const { layout, padded, turns } = await padMask(scratch, mask, part, complement, stage, inParts);
    const passes = spreadSteps(part).map(
      (step, i): Pass => ({
        kernel: "mask_spread",
        params: {
          columns,
          rows,
          slices,
          tiles,
          ...layout,
          gathered_mask: i === 0 ? 0 : 0xffffffff,
          reach: step.reach,
          ...rowFields(step, layout),
        },
        bindings: { list, padded, gathered: turns[(i + 1) % 2], spread: turns[i % 2] },
        invocations: lineInvocations(tiles * TILE_WORDS),
      }),
    );
    await runSteps(engine, passes, stage, inParts);
    // The result need not lie beside them.
    scratch.free(padded);
    scratch.free(turns[passes.length % 2]);
    return unpadMask(mask, turns[(passes.length - 1) % 2], layout, complement, stage, inParts);
  });
}
