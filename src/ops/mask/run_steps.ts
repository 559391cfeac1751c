import type { Control } from "../../core/control.js";
import type { Engine, Pass } from "../../engine/engine.js";
import { runPaced } from "../../engine/run_paced.js";

/** Passes of one submission: an abort takes effect within a few of them. */
const STRIDE = 4;

/**
 * Runs passes in order, for work that is cut into steps and not into slabs; with progress and aborts as
 * `runSlabs`.
 */
export async function runSteps(
  engine: Engine,
  passes: readonly Pass[],
  stage: string,
  control: Control,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(passes.length / STRIDE) }, (_, i) => {
    const batch = passes.slice(i * STRIDE, (i + 1) * STRIDE);
    return { passes: batch, count: batch.length };
  });
  await runPaced(engine, batches, passes.length, stage, control);
}
