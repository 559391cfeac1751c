import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Engine, Pass } from "../../engine/engine.js";
import { runPaced } from "../../engine/run_paced.js";
import type { Slab } from "../../volume/slabs.js";

/** Runs passes in order, a slab's worth at a time, paced: an abort takes effect within a few slabs. */
export async function runPasses(
  engine: Engine,
  passes: readonly Pass[],
  stage: string,
  control: Control,
): Promise<void> {
  const batches = batchesOf(passes, engine.limits.slabVoxels).map((batch) => ({
    passes: batch,
    count: 1,
    work: batch.reduce((sum, pass) => sum + workOf(pass), 0),
  }));
  await runPaced(engine, batches, batches.length, stage, control);
}

function batchesOf(passes: readonly Pass[], slabVoxels: number): Pass[][] {
  const batches: Pass[][] = [];
  let room = 0;
  for (const pass of passes) {
    const work = workOf(pass);
    if (work > room) {
      batches.push([]);
      room = slabVoxels;
    }
    batches[batches.length - 1].push(pass);
    room -= work;
  }
  return batches;
}

/** Voxels that a pass handles; an invocation of the prefilter walks a line of them. */
function workOf({ kernel, params, invocations: [x, y, z] }: Pass): number {
  return x * y * z * (kernel === "resample_prefilter" ? params.count : 1);
}

/**
 * Cuts slices [z0, z1) into slabs of at most `limits.slabVoxels` voxels and one binding of `sliceBytes` each.
 * @throws HounsfieldError `limit-exceeded` when one slice does not fit a binding
 */
export function cutSlices(
  engine: Engine,
  z0: number,
  z1: number,
  sliceVoxels: number,
  sliceBytes: number,
): Slab[] {
  const { maxBindingBytes, slabVoxels } = engine.limits;
  // 256: a binding starts on a multiple of it, so up to 255 bytes before the slab are bound too.
  const byBinding = Math.floor((maxBindingBytes - 256) / sliceBytes);
  if (byBinding < 1) tooLarge("one slice", sliceBytes, maxBindingBytes);
  const depth = Math.min(byBinding, Math.max(1, Math.floor(slabVoxels / sliceVoxels)));
  return Array.from({ length: Math.ceil((z1 - z0) / depth) }, (_, i) => ({
    z0: z0 + i * depth,
    z1: Math.min(z1, z0 + (i + 1) * depth),
  }));
}

/** @throws HounsfieldError `limit-exceeded` */
export function tooLarge(what: string, got: number, accepted: number): never {
  throw new HounsfieldError(
    "limit-exceeded",
    `resampling: ${what} needs ${got} bytes in one binding; the device takes ${accepted}`,
    { got, accepted },
  );
}
