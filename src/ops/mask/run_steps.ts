import type { Control } from "../../core/control.js";
import type { Engine, Pass } from "../../engine/engine.js";

/** Passes handed over at a time: waiting costs a round trip, and an abort takes effect within so many. */
const stride = 4;

/** Runs passes in order, for work that is cut into steps and not into slabs; with progress and aborts as `runSlabs`. */
export async function runSteps(
  engine: Engine,
  passes: readonly Pass[],
  stage: string,
  { signal, onProgress }: Control,
): Promise<void> {
  const total = passes.length;
  onProgress?.({ stage, done: 0, total });
  for (let first = 0; first < total; first += stride) {
    signal?.throwIfAborted();
    await engine.run(passes.slice(first, first + stride));
    await engine.idle();
    onProgress?.({ stage, done: Math.min(total, first + stride), total });
  }
}
