import type { Control } from "../../core/control.js";
import { positionMm } from "../../core/grid.js";
import { CtVolume, sliceWords } from "../../volume/ct_volume.js";
import type { Slab } from "../../volume/slabs.js";
import { createScratch } from "../scratch.js";
import { crop } from "./crop.js";
import { resample } from "./resample.js";
import { planLinear } from "./resample_linear.js";
import type { ResampleOptions } from "./resample_options.js";
import { planResampling } from "./resample_plan.js";

/** Slices [z0, z1) of a result, as a volume of their own that lasts until the next slab is asked for. */
export interface VolumeSlab extends Slab {
  readonly volume: CtVolume;
}

/**
 * What `resample` makes, slab after slab in ascending z. Plain `linear` along the source's axes holds one slab; what needs more than one look at the
 * source holds the whole result, and hands out copies. Ending early frees all. Throws as `resample`.
 */
export async function* resampleSlabs(
  volume: CtVolume,
  options: ResampleOptions & Control,
): AsyncGenerator<VolumeSlab> {
  const { engine } = volume;
  const { signal, onProgress } = options;
  const plan = planResampling(volume.grid, options);
  const [nx, ny, nz] = plan.grid.size;
  if (plan.method !== "linear") {
    using whole = await resample(volume, options);
    const depth = Math.max(1, Math.floor(engine.limits.slabVoxels / (nx * ny)));
    for (let z0 = 0; z0 < nz; z0 += depth) {
      const z1 = Math.min(nz, z0 + depth);
      using part = await crop(whole, { from: [0, 0, z0], to: [nx, ny, z1], signal });
      yield { z0, z1, volume: part };
    }
    return;
  }
  const { scratch, end } = createScratch();
  try {
    const { slabs, passTo } = await planLinear(scratch, volume, { kind: "hu", grid: plan.grid }, plan.axes);
    const bytes = (slabs[0].z1 - slabs[0].z0) * sliceWords(plan.grid) * 4;
    const buffer = scratch.own(await engine.allocate("resampled slab", bytes));
    for (const { z0, z1 } of slabs) {
      signal?.throwIfAborted();
      await engine.run([passTo({ z0, z1 }, buffer, 0)]);
      await engine.idle();
      const grid = {
        ...plan.grid,
        size: [nx, ny, z1 - z0] as const,
        originMm: positionMm(plan.grid, [0, 0, z0]),
      };
      yield { z0, z1, volume: new CtVolume(engine, grid, buffer) };
      onProgress?.({ stage: "resample", done: z1, total: nz });
    }
  } finally {
    end();
  }
}
