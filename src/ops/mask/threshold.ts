import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, number } from "../../core/rules.js";
import { firstStoredFrom, isUnscaled, storedOfValue, type ValueScale } from "../../core/value_scale.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkVolume } from "../../volume/check_argument.js";
import { type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";

/**
 * The half-open interval [fromHu, belowHu), of HU or of the volume's units; at least one end is given.
 * Fractions are meant exactly: below -400.5 is -401 and less.
 */
export interface ThresholdOptions {
  /** Lowest HU that is set. */
  readonly fromHu?: number;
  /** Set are HU below this, not this itself. */
  readonly belowHu?: number;
}

/**
 * The voxels whose HU lie in an interval. Bit-exact on every device.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function threshold(volume: CtVolume, options: ThresholdOptions & Control): Promise<BitMask> {
  checkVolume("threshold", volume);
  const checked = checkOptions("threshold", options, { ...controlRules, fromHu: number, belowHu: number });
  return withScratch(async (scratch) => {
    const mask = scratch.own(await allocateMask(volume.engine, volume.grid, "threshold mask", "unwritten"));
    await thresholdInto(mask, 0, volume, checked);
    return scratch.release(mask).withHistory(historyOf("threshold", options, volume));
  });
}

/**
 * The same of `part`, which is the slices of a volume from `firstSlice` on, into those of the volume's mask.
 * @throws as `threshold`
 */
export async function thresholdInto(
  mask: BitMask,
  firstSlice: number,
  part: CtVolume,
  options: ThresholdOptions & Control,
): Promise<void> {
  const { engine, grid } = part;
  const interval = intervalOf(options, part.values);
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
  await runSlabs(engine, slabs, "threshold", options, ({ z0, z1 }) => {
    const source = sliceRange(part.buffer, sliceWords(grid), z0, z1);
    const target = sliceRange(mask.buffer, pitch * rows, firstSlice + z0, firstSlice + z1);
    const slab = { columns, rows, slices: z1 - z0, hu_word: source.firstWord, mask_word: target.firstWord };
    return [
      {
        kernel: "volume_threshold",
        params: { ...slab, ...interval },
        bindings: { hu: source.range, mask: target.range },
        invocations: [pitch, rows, z1 - z0],
      },
    ];
  });
}

/**
 * Of stored integers, `hu < b` is `hu < ceil(b)` and `hu >= a` is `hu >= ceil(a)`; beyond int16 every bound
 * is alike.
 */
function intervalOf(options: ThresholdOptions, values: ValueScale) {
  const [least, most] = [-32768, 32768].map((stored) => stored * values.slope + values.intercept);
  const { fromHu = least, belowHu = most } = options;
  const given = storedOfValue(values, fromHu) > -32768 || storedOfValue(values, belowHu) < 32768;
  if (!given || Number.isNaN(fromHu) || Number.isNaN(belowHu)) {
    const units = isUnscaled(values) ? "" : ` ${values.units}`;
    throw new HounsfieldError(
      "invalid-option",
      `a threshold takes fromHu, belowHu or both, within ${least} to ${most}${units}; got fromHu ${fromHu}, belowHu ${belowHu}`,
      { got: { fromHu, belowHu }, accepted: [least, most] },
    );
  }
  return { from_hu: firstStoredFrom(values, fromHu), below_hu: firstStoredFrom(values, belowHu) };
}
