import type { Control } from "../../core/control.js";
import { type Vec3, voxelVolumeMm3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels } from "../../ops/mask/count_voxels.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { listComponents } from "../../ops/mask/list_components.js";
import { threshold } from "../../ops/mask/threshold.js";
import { withScratch } from "../../ops/scratch.js";
import { type BitMask, createMask, maskRowWords } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { airwaySeeds } from "./airway_seeds.js";

/** The lumen of large airways is below this even with noise; seen per slice, lung around them is mostly apart. */
const lumenBelowHu = -700;

/** Parts of slices that may be looked at: a scan of a chest has some thousands. */
const mostParts = 16384;

/** The air of trachea and bronchi is 25 to 85 ml: what has grown beyond this has burst into the lung. */
const mostMl = 100;

/** Thresholds of growth: air at -1000 HU to just below where a lung's own voxels join up. */
const growthHu = { first: -980, last: -840, step: 20 } as const;

/**
 * The air of trachea and bronchi within `innerAir`, grown from the trachea below the highest threshold at which it stays within its volume:
 * explosion-controlled growth (Mori and others 2000). What is reached only grows with the threshold, so it is found by halving.
 * Empty where nothing looks like a trachea. Axes are LPS.
 */
export async function findAirways(
  volume: CtVolume,
  innerAir: BitMask,
  middleX: number,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const seed = scratch.own(await findSeed(volume, innerAir, middleX, control));
    const mostVoxels = (mostMl * 1000) / voxelVolumeMm3(volume.grid);
    let best: BitMask | undefined;
    let low = 0;
    let high = (growthHu.last - growthHu.first) / growthHu.step;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const belowHu = growthHu.first + middle * growthHu.step;
      const grown = scratch.own(await growBelow(volume, innerAir, seed, belowHu, control));
      if ((await countVoxels(grown, control)) > mostVoxels) {
        scratch.free(grown);
        high = middle - 1;
      } else {
        if (best) scratch.free(best);
        best = grown;
        low = middle + 1;
      }
    }
    return best ? scratch.release(best) : createMask(volume.engine, volume.grid, "no airways");
  });
}

async function growBelow(
  volume: CtVolume,
  innerAir: BitMask,
  seed: BitMask,
  belowHu: number,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await threshold(volume, { belowHu, ...control }));
    const inside = scratch.own(await combineMasks(thin, innerAir, { rule: "and", ...control }));
    return growFrom(seed, inside, control);
  });
}

async function findSeed(
  volume: CtVolume,
  innerAir: BitMask,
  middleX: number,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await threshold(volume, { belowHu: lumenBelowHu, ...control }));
    const lumen = scratch.own(await combineMasks(thin, innerAir, { rule: "and", ...control }));
    const list = { neighbors: 4, maximumComponents: mostParts } as const;
    const { components } = await listComponents(lumen, { ...list, ...control });
    return seedMask(innerAir, airwaySeeds(components, volume.grid.spacingMm, middleX));
  });
}

/** A mask like `like` with 3 x 3 voxels set around each seed, so that noise in one does not matter. */
async function seedMask(like: BitMask, seeds: readonly Vec3[]): Promise<BitMask> {
  const { engine, grid } = like;
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const mask = await createMask(engine, grid, "airway seed");
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
