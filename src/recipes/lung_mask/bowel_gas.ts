import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels } from "../../ops/mask/count_voxels.js";
import { growFrom } from "../../ops/mask/grow_from.js";
import { keepByShare } from "../../ops/mask/keep_by_share.js";
import { type Component, withListed } from "../../ops/mask/list_components.js";
import { dilate, dilateEach } from "../../ops/mask/morphology.js";
import { withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { bowelLimits, isEmphysema, walledBelowShare } from "./bowel_rules.js";
import { boxMask } from "./box_mask.js";
import type { HuSource } from "./hu_source.js";

/** More blobs of the size that form is asked of are none that anybody has. */
const MOST_FORMED = 8;

/** Gas among the air of the lungs: two disjoint masks. */
export interface SortedGas {
  /** Of bowel and stomach, with its rim. */
  readonly bowel: BitMask;
  /** Of bullae and emphysema. */
  readonly lung: BitMask;
}

/**
 * Sorts the gas among `candidates`: what tissue walls in rather than lung is bowel's and stomach's, even
 * where the dome of the diaphragm is so thin that they join the lung; but not what reaches the slice
 * `carinaZ`, nor what is large and full of vessels, for that is lung in severe emphysema. Undefined where
 * there is none. Axes are LPS.
 */
export async function sortGas(
  volume: HuSource,
  candidates: BitMask,
  carinaZ: number | undefined,
  control: Control,
): Promise<SortedGas | undefined> {
  return withScratch(async (scratch) => {
    const thin = scratch.own(await volume.threshold({ belowHu: bowelLimits.gasBelowHu, ...control }));
    const gas = scratch.own(await combineMasks(thin, candidates, { rule: "and", ...control }));
    const blobs = await sortBlobs(gas, carinaZ, control);
    if (!blobs) return undefined;
    scratch.own(blobs.large);
    scratch.free(gas);
    if (!blobs.emphysema) {
      const bowel = scratch.own(await walledBlobs(volume, blobs.large, scratch.release(thin), control));
      return {
        bowel: scratch.release(bowel),
        lung: await combineMasks(blobs.large, bowel, { rule: "andNot", ...control }),
      };
    }
    const emphysema = scratch.own(blobs.emphysema);
    const others = scratch.own(await combineMasks(blobs.large, emphysema, { rule: "andNot", ...control }));
    const otherThin = scratch.own(await combineMasks(thin, emphysema, { rule: "andNot", ...control }));
    scratch.free(thin);
    const walled = scratch.own(await walledBlobs(volume, others, scratch.release(otherThin), control));
    scratch.free(others);
    const bowel = scratch.own(await combineMasks(walled, emphysema, { rule: "andNot", ...control }));
    const lung = await combineMasks(blobs.large, bowel, { rule: "andNot", ...control });
    return { bowel: scratch.release(bowel), lung };
  });
}

interface Blobs {
  readonly large: BitMask;
  /** Those of them that are lung by place or form; undefined where none is. */
  readonly emphysema?: BitMask;
}

/** The large blobs of gas; undefined where there is none. */
function sortBlobs(gas: BitMask, carinaZ: number | undefined, control: Control): Promise<Blobs | undefined> {
  const voxelMl = voxelVolumeMm3(gas.grid) / 1000;
  const list = { maximumComponents: bowelLimits.mostBlobs, ...control };
  return withListed(gas, list, async ({ components, keep }) => {
    const blobs = components.filter(({ voxels }) => voxels * voxelMl >= bowelLimits.leastMl);
    if (blobs.length === 0) return undefined;
    return withScratch(async (scratch) => {
      const large = scratch.own(await keep(blobs.length));
      let emphysema: BitMask | undefined;
      const isHigh = ({ maximum }: Component) => carinaZ !== undefined && maximum[2] >= carinaZ;
      if (carinaZ !== undefined && blobs.some(isHigh)) {
        emphysema = scratch.own(await reaching(large, carinaZ, control));
      }
      for (const [i, blob] of blobs.slice(0, MOST_FORMED).entries()) {
        const gasMl = blob.voxels * voxelMl;
        if (isHigh(blob) || gasMl < bowelLimits.formFromMl) continue;
        const one = scratch.own(await theOne(keep, i, control));
        const rimMl = (await rimVoxels(one, blob.voxels, control)) * voxelMl;
        if (!isEmphysema({ gasMl, rimMl }, gas.grid.spacingMm)) continue;
        emphysema = emphysema
          ? scratch.own(await combineMasks(emphysema, one, { rule: "or", ...control }))
          : one;
      }
      scratch.release(large);
      return emphysema ? { large, emphysema: scratch.release(emphysema) } : { large };
    });
  });
}

/** The parts of a mask that reach slice `z` or lie above it. */
function reaching(mask: BitMask, z: number, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const [nx, ny, nz] = mask.grid.size;
    const upper = scratch.own(await boxMask(mask, [0, 0, z], [nx - 1, ny - 1, nz - 1]));
    const tops = scratch.own(await combineMasks(mask, upper, { rule: "and", ...control }));
    return growFrom(tops, mask, control);
  });
}

/** The component of rank `i`, where `keep` gives the largest `count`. */
function theOne(keep: (count: number) => Promise<BitMask>, i: number, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const upTo = scratch.own(await keep(i + 1));
    if (i === 0) return scratch.release(upTo);
    return combineMasks(upTo, scratch.own(await keep(i)), { rule: "andNot", ...control });
  });
}

/** How many voxels lie in the rim of a blob of `voxels`. */
function rimVoxels(blob: BitMask, voxels: number, control: Control): Promise<number> {
  return withScratch(async (scratch) => {
    const whole = scratch.own(await dilate(blob, { shape: "ball", radiusMm: bowelLimits.rimMm, ...control }));
    return (await countVoxels(whole, control)) - voxels;
  });
}

/**
 * Blobs with their rims in whose shell there is little lung. `thin` is gas that is not known to be lung:
 * neither lung nor tissue; that mask is used up.
 */
function walledBlobs(volume: HuSource, blobs: BitMask, thin: BitMask, control: Control): Promise<BitMask> {
  const { rimMm, shellMm, lungBelowHu } = bowelLimits;
  return withScratch(async (scratch) => {
    scratch.own(thin);
    const balls = [rimMm, shellMm].map((radiusMm) => {
      return { mask: blobs, element: { shape: "ball", radiusMm } } as const;
    });
    const [rim, around] = await dilateEach(balls, control);
    scratch.own(rim);
    scratch.own(around);
    const beyond = scratch.own(await combineMasks(around, rim, { rule: "andNot", ...control }));
    const shell = scratch.own(await combineMasks(beyond, thin, { rule: "andNot", ...control }));
    for (const mask of [beyond, thin]) scratch.free(mask);
    const air = scratch.own(await volume.threshold({ belowHu: lungBelowHu, ...control }));
    const lung = scratch.own(await combineMasks(shell, air, { rule: "and", ...control }));
    scratch.free(air);
    const shareBelow = walledBelowShare(volume.grid.spacingMm[2]);
    const judged = { part: lung, whole: shell, shareBelow };
    const walled = scratch.own(await keepByShare(around, { ...judged, ...control }));
    for (const mask of [around, lung, shell]) scratch.free(mask);
    return combineMasks(rim, walled, { rule: "and", ...control });
  });
}
