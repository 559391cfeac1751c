import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
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
   * it. Of 2^32 voxels and more they are float64, whole numbers all the same.
   */
  readonly counts: Uint32Array | Float64Array;
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
const RUN = 16;
const COPIES = 8;

const BINS = 65536;

/**
 * Counts every HU, in all voxels or in those of a mask. Exact.
 * @throws HounsfieldError `wrong-grid`, `wrong-engine`, `destroyed`, `out-of-memory`
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

interface PartOptions extends HistogramOptions {
  /** The volume is a part of the mask's grid: the slices from this one on. */
  readonly firstSlice?: number;
}

/**
 * Counts over several volumes of one engine, such as the slabs of one; nothing is read back until the end.
 */
export interface RunningHistogram {
  /** @throws HounsfieldError as `histogram` */
  add(volume: CtVolume, options?: PartOptions & Control): Promise<void>;
  read(): Promise<Histogram>;
  /** Idempotent. */
  destroy(): void;
}

/** Voxels that counts of 32 bits hold, wherever they fall; fewer for tests. */
const MOST_COUNTED = 2 ** 32 - 1;

export async function runningHistogram(engine: Engine, most = MOST_COUNTED): Promise<RunningHistogram> {
  const counts = await engine.allocate("histogram", COPIES * BINS * 4);
  let values: ValueScale | undefined;
  /** Of what the device has counted and nobody has read. */
  let pending = 0;
  let earlier: Float64Array | undefined;

  const readCounts = async () => new Uint32Array(await engine.read(counts, 0, COPIES * BINS * 4));
  const takeOver = async () => {
    earlier ??= new Float64Array(BINS);
    addCopies(earlier, await readCounts());
    engine.write(counts, 0, new Uint32Array(COPIES * BINS));
    pending = 0;
  };
  return {
    async add(volume, { mask, firstSlice, ...control } = {}) {
      values ??= volume.values;
      checkAlike(values, volume.values);
      checkInputs(mask && firstSlice === undefined ? { volume, mask } : { volume });
      const { grid } = volume;
      const sliceVoxels = grid.size[0] * grid.size[1];
      const slabs = slabsOf(engine, grid, sliceWords(grid) * 4, Math.min(most, engine.limits.slabVoxels));
      while (slabs.length > 0) {
        const over = slabs.findIndex(({ z1 }) => pending + (z1 - slabs[0].z0) * sliceVoxels > most);
        const now = slabs.splice(0, over < 0 ? slabs.length : Math.max(over, pending === 0 ? 1 : 0));
        await runSlabs(engine, now, "histogram", control, (slab) => [
          countPass(volume, slab, counts, mask, firstSlice),
        ]);
        pending += now.reduce((sum, { z0, z1 }) => sum + (z1 - z0) * sliceVoxels, 0);
        if (slabs.length > 0) await takeOver();
      }
    },
    async read() {
      const last = await readCounts();
      const sum = addCopies(earlier?.slice() ?? new Uint32Array(BINS), last);
      return { counts: sum, voxels: voxelsOf(sum), ...(values && { values }) };
    },
    destroy: () => counts.destroy(),
  };
}

function addCopies<T extends Uint32Array | Float64Array>(sum: T, all: Uint32Array): T {
  for (let i = 0; i < all.length; i++) sum[i % BINS] += all[i];
  return sum;
}

function voxelsOf(counts: Uint32Array | Float64Array): number {
  let voxels = 0;
  for (const count of counts) voxels += count;
  return voxels;
}

function countPass(
  { buffer, grid }: CtVolume,
  slab: Slab,
  counts: EngineBuffer,
  mask?: BitMask,
  firstSlice = 0,
): Pass {
  const hu = sliceRange(buffer, sliceWords(grid), slab.z0, slab.z1);
  const [columns, rows] = grid.size;
  const params = { columns, rows, hu_word: hu.firstWord, mask_word: 0, run: RUN, copies: COPIES };
  const bindings = { hu: hu.range, counts };
  const invocations = [rowWords(grid), Math.ceil(rows / RUN), slab.z1 - slab.z0] as const;
  if (!mask) return { kernel: "value_histogram", params, bindings, invocations };
  const bits = maskSlab(mask, firstSlice + slab.z0, firstSlice + slab.z1);
  return {
    kernel: "value_histogram_masked",
    params: { ...params, mask_word: bits.firstWord },
    bindings: { ...bindings, mask: bits.range },
    invocations,
  };
}

function maskSlab({ buffer, grid }: BitMask, z0: number, z1: number) {
  return sliceRange(buffer, maskRowWords(grid) * grid.size[1], z0, z1);
}

/** Counts of stored values only add up where these mean the same. */
function checkAlike(values: ValueScale, other: ValueScale): void {
  if (values.slope === other.slope && values.intercept === other.intercept && values.units === other.units)
    return;
  const message =
    "a histogram of several volumes needs one scale of their values; resample or map them first";
  throw new HounsfieldError("invalid-option", message, { got: other, accepted: values });
}
