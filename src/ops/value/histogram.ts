import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { voxelCount } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { ValueScale } from "../../core/value_scale.js";
import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkVolume, maskRule } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";

/**
 * How often each HU occurs. All else that is measured of values follows from it, exactly and the same on
 * every device.
 */
export interface Histogram {
  /**
   * 65536 counts: entry i is for HU i - 32768, or for that stored value of the record where `values` scale
   * it.
   */
  readonly counts: Uint32Array;
  /** Their sum. */
  readonly voxels: number;
  /** The volume's; HU where it is absent. Of several volumes all must have the same. */
  readonly values?: ValueScale;
}

/** Options of histogram. */
export interface HistogramOptions {
  /** Counts the voxels of this mask only, which is on the volume's grid. */
  readonly mask?: BitMask;
}

/**
 * Rows an invocation walks, and copies of the counts that the device's groups spread over: see
 * common/histogram.wgsl.
 */
const run = 16;
const copies = 8;

const bins = 65536;

/**
 * Counts every HU, in all voxels or in those of a mask. Exact. Throws `wrong-grid`, `wrong-engine`,
 * `destroyed`, `limit-exceeded` (2^32 voxels and more), `out-of-memory`.
 */
export async function histogram(
  volume: CtVolume,
  options: HistogramOptions & Control = {},
): Promise<Histogram> {
  checkVolume("histogram", volume);
  checkOptions("histogram", options, { ...controlRules, mask: maskRule });
  const running = await runningHistogram(volume.engine);
  try {
    await running.add(volume, options);
    return await running.read();
  } finally {
    running.destroy();
  }
}

/**
 * Counts over several volumes of one engine, such as the slabs of one; nothing is read back until the end.
 */
export interface RunningHistogram {
  /** Throws as `histogram`, for the sum of all that is added too. */
  add(volume: CtVolume, options?: HistogramOptions & Control): Promise<void>;
  read(): Promise<Histogram>;
  /** Idempotent. */
  destroy(): void;
}

export async function runningHistogram(engine: Engine): Promise<RunningHistogram> {
  const counts = await engine.allocate("histogram", copies * bins * 4);
  let voxels = 0;
  let values: ValueScale | undefined;
  return {
    async add(volume, { mask, ...control } = {}) {
      values ??= volume.values;
      checkAlike(values, volume.values);
      voxels += voxelCount(volume.grid);
      checkCountable(volume, voxels, mask);
      const { grid } = volume;
      const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
      await runSlabs(engine, slabs, "histogram", control, (slab) => [countPass(volume, slab, counts, mask)]);
    },
    read: async () => sumCopies(new Uint32Array(await engine.read(counts, 0, copies * bins * 4)), values),
    destroy: () => counts.destroy(),
  };
}

function countPass({ buffer, grid }: CtVolume, slab: Slab, counts: EngineBuffer, mask?: BitMask): Pass {
  const hu = sliceRange(buffer, sliceWords(grid), slab.z0, slab.z1);
  const [columns, rows] = grid.size;
  const params = { columns, rows, hu_word: hu.firstWord, mask_word: 0, run, copies };
  const bindings = { hu: hu.range, counts };
  const invocations = [rowWords(grid), Math.ceil(rows / run), slab.z1 - slab.z0] as const;
  if (!mask) return { kernel: "value_histogram", params, bindings, invocations };
  const bits = maskSlab(mask, slab);
  return {
    kernel: "value_histogram_masked",
    params: { ...params, mask_word: bits.firstWord },
    bindings: { ...bindings, mask: bits.range },
    invocations,
  };
}

function maskSlab({ buffer, grid }: BitMask, { z0, z1 }: Slab) {
  return sliceRange(buffer, maskRowWords(grid) * grid.size[1], z0, z1);
}

function sumCopies(all: Uint32Array, values?: ValueScale): Histogram {
  const counts = all.slice(0, bins);
  for (let i = bins; i < all.length; i++) counts[i % bins] += all[i];
  return { counts, voxels: counts.reduce((sum, count) => sum + count, 0), ...(values && { values }) };
}

/** Counts of stored values only add up where these mean the same. */
function checkAlike(values: ValueScale, other: ValueScale): void {
  if (values.slope === other.slope && values.intercept === other.intercept && values.units === other.units)
    return;
  const message =
    "a histogram of several volumes needs one scale of their values; resample or map them first";
  throw new HounsfieldError("invalid-option", message, { got: other, accepted: values });
}

function checkCountable(volume: CtVolume, voxels: number, mask?: BitMask): void {
  if (voxels >= 2 ** 32) {
    throw new HounsfieldError(
      "limit-exceeded",
      `a histogram counts in 32 bits; the volume has ${voxels} voxels`,
      {
        got: voxels,
        accepted: 2 ** 32 - 1,
      },
    );
  }
  checkInputs(mask ? { volume, mask } : { volume });
}
