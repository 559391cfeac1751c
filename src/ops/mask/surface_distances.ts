import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { withScratch } from "../scratch.js";
import { combineMasks } from "./combine_masks.js";
import { distanceSlabs } from "./distance_slabs.js";
import { erode } from "./morphology.js";

/**
 * Distances in mm between the surfaces of two masks, both ways; Infinity where only one is empty, 0 where
 * both are.
 */
export interface SurfaceDistances {
  /** The largest. */
  readonly hausdorffMm: number;
  /** 95 of 100 are no larger, by the nearest rank. */
  readonly hausdorff95Mm: number;
  readonly averageMm: number;
}

/**
 * From each surface voxel of either mask to the nearest one of the other; all of them together are averaged
 * and ranked. Surface voxels are those with a clear 6-neighbor; where the scan cuts a mask there is none.
 * Within 1e-4 mm. The host holds one number a surface voxel.
 * @throws HounsfieldError `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function surfaceDistances(
  one: BitMask,
  other: BitMask,
  control: Control = {},
): Promise<SurfaceDistances> {
  checkMask("surfaceDistances", one, "one");
  checkMask("surfaceDistances", other, "other");
  checkOptions("surfaceDistances", control, controlRules);
  checkInputs({ one, other });
  const { signal, onProgress } = control;
  const finished = (done: number) => onProgress?.({ stage: "surface distances", done, total: 4 });
  return withScratch(async (scratch) => {
    finished(0);
    const surface = scratch.own(await surfaceOf(one, { signal }));
    finished(1);
    const otherSurface = scratch.own(await surfaceOf(other, { signal }));
    finished(2);
    const there = await distancesAt(surface, otherSurface, { signal });
    finished(3);
    const back = await distancesAt(otherSurface, surface, { signal });
    finished(4);
    const all = new Float32Array(there.length + back.length);
    all.set(there);
    all.set(back, there.length);
    if (all.length === 0) return Object.freeze({ hausdorffMm: 0, hausdorff95Mm: 0, averageMm: 0 });
    all.sort();
    return Object.freeze({
      hausdorffMm: all[all.length - 1],
      hausdorff95Mm: all[Math.ceil(all.length * 0.95) - 1],
      averageMm: all.reduce((sum, mm) => sum + mm, 0) / all.length,
    });
  });
}

function surfaceOf(mask: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const core = scratch.own(await erode(mask, { shape: "cross", reachVoxels: 1, ...control }));
    return combineMasks(mask, core, { rule: "andNot", ...control });
  });
}

/** At each voxel of `at`, in order, the distance to `target`. */
async function distancesAt(at: BitMask, target: BitMask, control: Control): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const { z0, z1, values } of distanceSlabs(target, control)) {
    const voxels = await at.read(z0, z1);
    parts.push(values.filter((_, i) => voxels[i] === 1));
  }
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((offset, part) => {
    all.set(part, offset);
    return offset + part.length;
  }, 0);
  return all;
}
