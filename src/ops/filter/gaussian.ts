import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, either, listOf, number, required } from "../../core/rules.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { checkVolume } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs, type Slab } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { filterSlabs, widened } from "./filter_slabs.js";
import { type GaussianTaps, gaussianTaps } from "./gaussian_weights.js";

/** Options of gaussian. */
export interface GaussianOptions {
  /**
   * Standard deviation in mm: one number for a ball, or x, y, z; 0 leaves an axis as it is. At most 512
   * voxels.
   */
  readonly sigmaMm: number | Vec3;
}

/**
 * Outputs that one invocation sums, side by side along the axis; and the zeros after an axis's weights that
 * this needs (common/gaussian.wgsl).
 */
const OUTPUTS = 4;
const weightPadding = [0, 0, 0];

/** What the passes of all slabs share. */
interface GaussianPlan {
  readonly volume: CtVolume;
  readonly result: CtVolume;
  /** x, y, z. */
  readonly taps: readonly GaussianTaps[];
  /** Their weights, one axis after the other, and where each begins. */
  readonly weights: EngineBuffer;
  readonly firstWeight: readonly number[];
  /** One slab of f32 each, two values to a word of the volume: what z gives to y, and y to x. */
  readonly alongZ: EngineBuffer;
  readonly alongY: EngineBuffer;
}

/**
 * A new volume smoothed by a Gaussian of `sigmaMm`: sampled at the voxels, cut at 4 sigma (rounded to voxels)
 * and normalized; outside the volume its edge is repeated. As scipy's `gaussian_filter` with mode "nearest".
 * f32 sums with weights made in f64, three passes without rounding between them; int16 HU to the nearest,
 * halves away from zero. Within 0.01 HU of exact arithmetic before rounding, for HU within +-4096. Scratch:
 * two slabs of at most 64 MiB.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function gaussian(volume: CtVolume, options: GaussianOptions & Control): Promise<CtVolume> {
  checkVolume("gaussian", volume);
  const { sigmaMm, ...control } = checkOptions("gaussian", options, {
    ...controlRules,
    sigmaMm: required(either(number, listOf(number, "3 numbers", 3))),
  });
  const { engine, grid } = volume;
  const taps = gaussianTaps(grid, typeof sigmaMm === "number" ? [sigmaMm, sigmaMm, sigmaMm] : sigmaMm);
  // Three passes; and four taps, sums of values already loaded, cost about what a load and a store do.
  const work = 3 + taps.reduce((sum, { radius }) => sum + 2 * radius, 0) / 4;
  const bytesPerSlice = sliceWords(grid) * 8;
  const slabs = filterSlabs(engine, grid, { bytesPerSlice, halo: 0, work });
  return withScratch(async (scratch) => {
    const allocate = async (label: string, bytes: number) => scratch.own(await engine.allocate(label, bytes));
    const result = scratch.own(await allocateVolume(engine, grid, "gaussian volume", volume.values));
    const table = Float32Array.from(taps.flatMap((axis) => [...axis.weights, ...weightPadding]));
    const weights = await allocate("gaussian weights", table.byteLength);
    engine.write(weights, 0, table);
    const slabBytes = (slabs[0].z1 - slabs[0].z0) * bytesPerSlice;
    const alongZ = await allocate("gaussian slab", slabBytes);
    const alongY = await allocate("gaussian slab", slabBytes);
    const counts = taps.map((axis) => axis.weights.length + weightPadding.length);
    const firstWeight = [0, counts[0], counts[0] + counts[1]];
    const plan = { volume, result, taps, weights, firstWeight, alongZ, alongY };
    await runSlabs(engine, slabs, "gaussian", control, (slab) => slabPasses(plan, slab));
    return scratch.release(result).withHistory(historyOf("gaussian", { sigmaMm }, volume));
  });
}

/**
 * z first: it alone reads beyond the slab, and reads int16 there; x and y then stay within the slab's floats.
 */
function slabPasses(plan: GaussianPlan, slab: Slab): Pass[] {
  const { volume, result, taps, weights, firstWeight, alongZ, alongY } = plan;
  const { grid } = volume;
  const [columns, rows] = grid.size;
  const [words, depth] = [rowWords(grid), slab.z1 - slab.z0];
  const { range, firstWord } = sliceRange(result.buffer, sliceWords(grid), slab.z0, slab.z1);
  return [
    ...passesAlongZ(plan, slab),
    {
      kernel: "gaussian_y",
      params: { columns, rows, radius: taps[1].radius, first_weight: firstWeight[1] },
      bindings: { source: alongZ, weights, blurred: alongY },
      invocations: [words, Math.ceil(rows / OUTPUTS), depth],
    },
    {
      kernel: "gaussian_x",
      params: {
        columns,
        rows,
        radius: taps[0].radius,
        first_weight: firstWeight[0],
        out_word: firstWord,
      },
      bindings: { source: alongY, weights, filtered: range },
      invocations: [Math.ceil((words * 2) / OUTPUTS), rows, depth],
    },
  ];
}

/**
 * One pass, or as many as the source slices need bindings; sums go on in the same order, so the result is the
 * same.
 */
function passesAlongZ({ volume, taps, weights, firstWeight, alongZ }: GaussianPlan, slab: Slab): Pass[] {
  const { engine, grid } = volume;
  const [columns, rows, slices] = grid.size;
  const { radius } = taps[2];
  const source = widened(slab, radius, grid);
  const bindable = Math.floor((engine.limits.maxBindingBytes - 256) / (sliceWords(grid) * 4));
  const parts = Array.from({ length: Math.ceil((source.z1 - source.z0) / bindable) }, (_, i) => ({
    z0: source.z0 + i * bindable,
    z1: Math.min(source.z1, source.z0 + (i + 1) * bindable),
  }));
  return parts.map(({ z0, z1 }, part) => {
    const { range, firstWord } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
    return {
      kernel: "gaussian_z",
      params: {
        columns,
        rows,
        slices,
        z_first: slab.z0,
        z_end: slab.z1,
        source_first: z0,
        source_end: z1,
        source_word: firstWord,
        radius,
        first_weight: firstWeight[2],
        continued: part > 0 ? 1 : 0,
      },
      bindings: { hu: range, weights, blurred: alongZ },
      invocations: [rowWords(grid), rows, Math.ceil((slab.z1 - slab.z0) / OUTPUTS)],
    };
  });
}
