import type { Control } from "../../core/control.js";
import { type Vec3, voxelVolumeMm3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels } from "../../ops/mask/count_voxels.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { listComponents } from "../../ops/mask/list_components.js";
import { dilate } from "../../ops/mask/morphology.js";
import { withScratch } from "../../ops/scratch.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { growthLimits, lastContained, thresholdHu } from "./airway_growth.js";
import { type AirwaySeeds, airwaySeeds } from "./airway_seeds.js";
import type { HuSource } from "./hu_source.js";

/**
 * The lumen of large airways is below this even with noise; seen per slice, lung around them is mostly apart.
 */
export const LUMEN_BELOW_HU = -700;

/** Voxels partly of the wall of the bronchi: what is within this of their air is none of the lung's. */
const BRONCHIAL_WALL_MM = 2;

/** Parts of slices that may be looked at: a scan of a chest has some thousands. */
const MOST_PARTS = 16384;

export interface Airways {
  readonly lumen: BitMask;
  /** As `airwaySeeds` gives it. */
  readonly carina: Vec3 | undefined;
  /** Of the lumen. */
  readonly ml: number;
  /** Growth bursts into the lung at every threshold, or holds more than airways do. */
  readonly leaks: boolean;
}

/**
 * The air of trachea and bronchi within `innerAir`, grown from the trachea below the highest threshold at
 * which it does not leak into the lung: explosion-controlled growth (Mori and others 2000). What is reached
 * only grows with the threshold, so the last below the limit of volume is found by halving, and a step that
 * is too large below that is taken back. Empty where nothing looks like a trachea. Axes are LPS.
 */
export async function findAirways(
  volume: HuSource,
  innerAir: BitMask,
  middleX: number,
  control: Control,
): Promise<Airways> {
  return withScratch(async (scratch) => {
    const { seeds, carina } = await findSeeds(volume, innerAir, middleX, control);
    if (seeds.length === 0) {
      return {
        lumen: await allocateMask(volume.engine, volume.grid, "no airways"),
        carina,
        ml: 0,
        leaks: false,
      };
    }
    const seed = scratch.own(await seedMask(innerAir, seeds));
    const voxelMl = voxelVolumeMm3(volume.grid) / 1000;
    let best: { readonly lumen: BitMask; readonly step: number } | undefined;
    const grow = (step: number) => growBelow(volume, innerAir, seed, thresholdHu(step), control);
    const mostMl = carina ? growthLimits.mostMl : growthLimits.mostBronchiMl;
    const stop = await lastContained(async (step) => {
      const lumen = scratch.own(await grow(step));
      const ml = (await countVoxels(lumen, control)) * voxelMl;
      if (ml > mostMl || (best && step < best.step)) scratch.free(lumen);
      else {
        if (best) scratch.free(best.lumen);
        best = { lumen, step };
      }
      // Of what is kept no more than one mask is there: another is grown again.
      const withWallsMl = () =>
        withScratch(async (inner) => {
          const measured = best?.step === step ? best.lumen : inner.own(await grow(step));
          return (await countWithWalls(measured, innerAir, control)) * voxelMl;
        });
      return { ml, withWallsMl };
    }, mostMl);
    if (stop.step === undefined) {
      return {
        lumen: await allocateMask(volume.engine, volume.grid, "leaking airways"),
        carina,
        ml: 0,
        leaks: true,
      };
    }
    // Taken back below what halving found: grown again.
    const lumen = best?.step === stop.step ? scratch.release(best.lumen) : await grow(stop.step);
    return { lumen, carina, ml: stop.ml, leaks: stop.leaks };
  });
}

/** Voxels of grown air with the air of its walls. */
function countWithWalls(lumen: BitMask, innerAir: BitMask, control: Control): Promise<number> {
  return withScratch(async (scratch) => {
    const wide = scratch.own(await withWalls(lumen, control));
    const air = scratch.own(await combineMasks(wide, innerAir, { rule: "and", ...control }));
    scratch.free(wide);
    return countVoxels(air, control);
  });
}

/** Lumen of airways, and what lies within their walls' thickness of it. */
export function withWalls(lumen: BitMask, control: Control): Promise<BitMask> {
  return dilate(lumen, { shape: "ball", radiusMm: BRONCHIAL_WALL_MM, ...control });
}

async function growBelow(
  volume: HuSource,
  innerAir: BitMask,
  seed: BitMask,
  belowHu: number,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await volume.threshold({ belowHu, ...control }));
    const inside = scratch.own(await combineMasks(thin, innerAir, { rule: "and", ...control }));
    scratch.free(thin);
    return growFrom(seed, inside, control);
  });
}

async function findSeeds(
  volume: HuSource,
  innerAir: BitMask,
  middleX: number,
  control: Control,
): Promise<AirwaySeeds> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await volume.threshold({ belowHu: LUMEN_BELOW_HU, ...control }));
    const lumen = scratch.own(await combineMasks(thin, innerAir, { rule: "and", ...control }));
    scratch.free(thin);
    const list = { neighbors: 4, maximumComponents: MOST_PARTS } as const;
    const { components } = await listComponents(lumen, { ...list, ...control });
    return airwaySeeds(components, volume.grid.spacingMm, middleX);
  });
}

/** A mask like `like` with 3 x 3 voxels set around each seed, so that noise in one does not matter. */
async function seedMask(like: BitMask, seeds: readonly Vec3[]): Promise<BitMask> {
  const { engine, grid } = like;
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const mask = await allocateMask(engine, grid, "airway seed");
  for (const z of new Set(seeds.map((seed) => seed[2]))) {
    const slice = new Uint32Array(pitch * rows);
    for (const [x, y] of seeds.filter((seed) => seed[2] === z)) {
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          slice[v * pitch + (u >> 5)] |= 2 ** (u & 31);
        }
      }
    }
    engine.write(mask.buffer, z * rows * pitch * 4, slice);
  }
  return mask;
}
