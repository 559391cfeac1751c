import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import { together } from "../../engine/round_trips.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { combineMasks } from "./combine_masks.js";
import { countOnDevice } from "./count_voxels.js";

/** How far two masks agree, `one` measured against `other` as the reference. */
export interface MaskOverlap {
  /** Twice the shared voxels over the sum of both: 1 the same, 0 apart. 1 for two empty masks. */
  readonly dice: number;
  /** Shared voxels over those of either. 1 for two empty masks. */
  readonly jaccard: number;
  readonly oneMl: number;
  readonly otherMl: number;
  readonly sharedMl: number;
  /** Volume of `one` less that of `other`, as a part of the latter; NaN when it is empty. */
  readonly volumeDifference: number;
  /** Pearson's correlation of the areas of all slices; NaN where either has the same area in each. */
  readonly sliceAreaCorrelation: number;
}

/**
 * Counts are exact.
 * @throws HounsfieldError `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function compareMasks(
  one: BitMask,
  other: BitMask,
  control: Control = {},
): Promise<MaskOverlap> {
  checkMask("compareMasks", one, "one");
  checkMask("compareMasks", other, "other");
  checkOptions("compareMasks", control, controlRules);
  checkInputs({ one, other });
  return withScratch(async (scratch) => {
    const both = scratch.own(await combineMasks(one, other, { rule: "and", ...control }));
    const inParts = progressInParts(control, 3);
    const counts = [];
    for (const mask of [one, other, both]) counts.push(await countOnDevice(scratch, mask, inParts));
    const [inOne, inOther, inBoth] = await together(both.engine, ...counts);
    const [a, b, shared] = [inOne, inOther, inBoth].map((counts) => counts.reduce((sum, n) => sum + n, 0));
    const voxelMl = voxelVolumeMm3(one.grid) / 1000;
    return Object.freeze({
      dice: a + b === 0 ? 1 : (2 * shared) / (a + b),
      jaccard: a + b === 0 ? 1 : shared / (a + b - shared),
      oneMl: a * voxelMl,
      otherMl: b * voxelMl,
      sharedMl: shared * voxelMl,
      volumeDifference: b === 0 ? Number.NaN : (a - b) / b,
      sliceAreaCorrelation: correlation([...inOne], [...inOther]),
    });
  });
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [da, db] = [value - meanA, b[i] - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN;
}
