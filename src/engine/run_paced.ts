import type { Control } from "../core/control.js";
import type { Engine, Pass } from "./engine.js";

/**
 * Passes handed over together, how many of the work's `total` they are, and what they cost, as `Engine.run`
 * takes it.
 */
export interface Batch {
  readonly passes: readonly Pass[];
  readonly count: number;
  readonly work?: number;
}

/**
 * Hands batches over in order, as fast as the engine takes them: it holds back while too much is in flight.
 * All is handed over on return, not done: who reads the result waits for it, and who frees buffers may do so,
 * for the engine keeps them until then. Progress is of what is handed over, which is some tenths of a second
 * ahead at most.
 */
export async function runPaced(
  engine: Engine,
  batches: Iterable<Batch>,
  total: number,
  stage: string,
  { signal, onProgress }: Control,
): Promise<void> {
  let done = 0;
  onProgress?.({ stage, done, total });
  for (const { passes, count, work } of batches) {
    signal?.throwIfAborted();
    await engine.run(passes, work);
    done += count;
    onProgress?.({ stage, done, total });
  }
}
