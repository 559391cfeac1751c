import type { Control } from "../core/control.js";
import type { Engine, Pass } from "./engine.js";

/** Submissions in flight at most, however small: an abort takes effect within so many. */
const maxSubmissions = 8;

/** Passes submitted together, and how many of the work's `total` they finish. */
export interface Batch {
  readonly passes: readonly Pass[];
  readonly count: number;
}

/**
 * Submits batches in order without waiting for each: only for the oldest, while more than `2 * limits.slabVoxels` invocations
 * or 8 submissions are in flight. Progress is reported when a batch is done, never before. All is done, or has failed, on
 * return, so that the caller may free its buffers.
 */
export async function runPaced(
  engine: Engine,
  batches: Iterable<Batch>,
  total: number,
  stage: string,
  { signal, onProgress }: Control,
): Promise<void> {
  const flying: { readonly done: Promise<void>; readonly cost: number; readonly count: number }[] = [];
  let inFlight = 0;
  let done = 0;
  const finishOldest = async () => {
    signal?.throwIfAborted();
    const [oldest] = flying;
    if (!oldest) return;
    await oldest.done;
    flying.shift();
    inFlight -= oldest.cost;
    done += oldest.count;
    onProgress?.({ stage, done, total });
  };
  onProgress?.({ stage, done, total });
  try {
    for (const { passes, count } of batches) {
      signal?.throwIfAborted();
      await engine.run(passes);
      const cost = passes.reduce((sum, { invocations: [x, y, z] }) => sum + x * y * z, 0);
      const finished = engine.idle();
      // Thrown where it is awaited; a failure that comes sooner is no unhandled one.
      finished.catch(() => {});
      flying.push({ done: finished, cost, count });
      inFlight += cost;
      while (flying.length > 1 && (inFlight > 2 * engine.limits.slabVoxels || flying.length > maxSubmissions))
        await finishOldest();
    }
    while (flying.length > 0) await finishOldest();
  } finally {
    await Promise.allSettled(flying.map((batch) => batch.done));
  }
}
