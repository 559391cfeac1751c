import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { type Grid, positionMm } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { checkVolume } from "../../volume/check_argument.js";
import { CtVolume, sliceWords } from "../../volume/ct_volume.js";
import type { Slab } from "../../volume/slabs.js";
import { type SliceSource, slicesOf } from "../../volume/slice_window.js";
import { createScratch } from "../scratch.js";
import { crop } from "./crop.js";
import { resample } from "./resample.js";
import { planLinear } from "./resample_linear.js";
import type { AxisMap } from "./resample_map.js";
import type { ResampleOptions } from "./resample_options.js";
import { resampleRules, storedBorder } from "./resample_options.js";
import { planResampling } from "./resample_plan.js";

/** Slices [z0, z1) of a result, as a volume of their own that lasts until the next slab is asked for. */
export interface VolumeSlab extends Slab {
  readonly volume: CtVolume;
}

/**
 * What `resample` makes, slab after slab in ascending z. Plain `linear` along the source's axes holds one
 * slab; what needs more than one look at the source holds the whole result, and hands out copies. Ending
 * early frees all.
 * @throws as `resample`
 */
export async function* resampleSlabs(
  volume: CtVolume,
  options: ResampleOptions & Control,
): AsyncGenerator<VolumeSlab> {
  checkVolume("resampleSlabs", volume);
  const checked = checkOptions("resampleSlabs", options, resampleRules);
  const { signal } = checked;
  const { engine } = volume;
  const plan = planResampling(volume.grid, storedBorder("resampleSlabs", checked, volume.values));
  if (plan.method === "linear") return yield* linearSlabs(slicesOf(volume), plan, checked);
  const [nx, ny, nz] = plan.grid.size;
  const { scratch, end } = createScratch();
  try {
    const whole = scratch.own(await resample(volume, checked));
    const depth = Math.max(1, Math.floor(engine.limits.slabVoxels / (nx * ny)));
    for (let z0 = 0; z0 < nz; z0 += depth) {
      const z1 = Math.min(nz, z0 + depth);
      const part = scratch.own(await crop(whole, { from: [0, 0, z0], to: [nx, ny, z1], signal }));
      yield { z0, z1, volume: part };
      scratch.free(part);
    }
  } finally {
    end();
  }
}

/** What plain `linear` without antialiasing makes along the axes of a volume that need not be there whole. */
export async function* resampleSlices(
  source: SliceSource,
  options: { readonly spacingMm: number } & Pick<ResampleOptions, "exact"> & Control,
): AsyncGenerator<VolumeSlab> {
  const plan = planResampling(source.grid, { ...options, antialias: false });
  if (plan.method !== "linear")
    throw new HounsfieldError("internal", "cubes along a grid's own axes are resampled in one pass");
  yield* linearSlabs(source, plan, options);
}

async function* linearSlabs(
  source: SliceSource,
  plan: { readonly grid: Grid; readonly axes: readonly AxisMap[]; readonly exact?: "integer" },
  { signal, onProgress }: Control,
): AsyncGenerator<VolumeSlab> {
  const { engine } = source;
  const [nx, ny, nz] = plan.grid.size;
  const { scratch, end } = createScratch();
  try {
    const output = { kind: "hu", grid: plan.grid } as const;
    const { slabs, slicesUnder, passTo } = await planLinear(scratch, source, output, plan.axes, plan.exact);
    const bytes = (slabs[0].z1 - slabs[0].z0) * sliceWords(plan.grid) * 4;
    const buffer = scratch.own(await engine.allocate("resampled slab", bytes));
    for (const { z0, z1, work } of slabs) {
      signal?.throwIfAborted();
      const slices = await source.need(...slicesUnder({ z0, z1 }));
      await engine.run([passTo({ z0, z1 }, slices, buffer, 0)], work);
      const grid = {
        ...plan.grid,
        size: [nx, ny, z1 - z0] as const,
        originMm: positionMm(plan.grid, [0, 0, z0]),
      };
      yield { z0, z1, volume: new CtVolume(engine, grid, buffer, undefined, undefined, source.values) };
      onProgress?.({ stage: "resample", done: z1, total: nz });
    }
  } finally {
    end();
  }
}
