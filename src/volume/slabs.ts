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

/** A slab and what a pass over it costs, in voxels of a simple kernel, for pacing. */
export interface PacedSlab extends Slab {
  readonly work: number;
}

/**
 * A word of a mask, 32 voxels, costs some 4 of a volume's voxels: measured, from 1 (morphology) to 8
 * (components, thresholds).
 */
const MASK_WORK_PER_VOXEL = 1 / 8;

/**
 * Cuts a grid along z into slabs that one pass may handle: at most `limits.slabVoxels` voxels (a browser
 * kills long GPU work), at most `mostVoxels`, and at most one binding of `bytesPerSlice` each.
 * @throws HounsfieldError `limit-exceeded` when even one slice does not fit
 */
export function slabsOf(
  engine: Engine,
  grid: Grid,
  bytesPerSlice: number,
  mostVoxels = engine.limits.slabVoxels,
): PacedSlab[] {
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
  // Kernels are as slow as memory: 2 bytes a voxel are one voxel's work.
  const sliceWork = Math.max(nx * ny * MASK_WORK_PER_VOXEL, bytesPerSlice / 2);
  return cutSlabs(nz, depth, sliceWork);
}

/** Slabs of `depth` slices, the last of what is left. */
export function cutSlabs(slices: number, depth: number, sliceWork: number): PacedSlab[] {
  return Array.from({ length: Math.ceil(slices / depth) }, (_, i) => {
    const [z0, z1] = [i * depth, Math.min(slices, (i + 1) * depth)];
    return { z0, z1, work: (z1 - z0) * sliceWork };
  });
}

/** Runs the passes of each slab in order, paced: an abort takes effect within a few slabs. */
export async function runSlabs<S extends PacedSlab>(
  engine: Engine,
  slabs: readonly S[],
  stage: string,
  control: Control,
  passesOf: (slab: S, index: number) => readonly Pass[],
): Promise<void> {
  const batches = function* () {
    for (const [index, slab] of slabs.entries()) {
      const passes = passesOf(slab, index);
      yield { passes, count: 1, work: passes.length * slab.work };
    }
  };
  await runPaced(engine, batches(), slabs.length, stage, control);
}
