import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import type { Engine, Pass } from "../engine/engine.js";
import { runPaced } from "../engine/run_paced.js";

/** Slices [z0, z1) of a volume. */
export interface Slab {
  readonly z0: number;
  readonly z1: number;
}

/**
 * Cuts a grid along z into slabs that one pass may handle: at most `limits.slabVoxels` voxels (a browser kills long GPU
 * work), at most `mostVoxels`, and at most one binding of `bytesPerSlice` each. Throws `limit-exceeded` when even one slice does not fit.
 */
export function slabsOf(
  engine: Engine,
  grid: Grid,
  bytesPerSlice: number,
  mostVoxels = engine.limits.slabVoxels,
): Slab[] {
  const [nx, ny, nz] = grid.size;
  // 256: a binding starts on a multiple of it, so up to 255 bytes before the slab are bound too.
  const byBinding = Math.floor((engine.limits.maxBindingBytes - 256) / bytesPerSlice);
  if (byBinding < 1) {
    throw new HounsfieldError(
      "limit-exceeded",
      `one slice of ${nx} x ${ny} needs ${bytesPerSlice} bytes in one binding; the device takes ${engine.limits.maxBindingBytes}`,
      { got: bytesPerSlice, accepted: engine.limits.maxBindingBytes },
    );
  }
  const depth = Math.min(
    byBinding,
    Math.max(1, Math.floor(Math.min(mostVoxels, engine.limits.slabVoxels) / (nx * ny))),
  );
  return Array.from({ length: Math.ceil(nz / depth) }, (_, i) => ({
    z0: i * depth,
    z1: Math.min(nz, (i + 1) * depth),
  }));
}

/** Runs the passes of each slab in order, paced: progress is of what is done, an abort takes effect within a few slabs. */
export async function runSlabs(
  engine: Engine,
  slabs: readonly Slab[],
  stage: string,
  control: Control,
  passesOf: (slab: Slab, index: number) => readonly Pass[],
): Promise<void> {
  const batches = function* () {
    for (const [index, slab] of slabs.entries()) yield { passes: passesOf(slab, index), count: 1 };
  };
  await runPaced(engine, batches(), slabs.length, stage, control);
}
