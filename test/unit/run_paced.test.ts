import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { runPaced } from "../../src/engine/run_paced.js";

const batches = Array.from({ length: 20 }, () => ({ passes: [], count: 1 }));

test("at most nine submissions are in flight, and progress is of what is done", async () => {
  let flying = 0;
  let most = 0;
  const engine: Pick<Engine, "run" | "idle" | "limits"> = {
    limits: { maxBufferBytes: 1, maxBindingBytes: 1, slabVoxels: 1, readVoxels: 1, blockVoxels: 2 ** 20 },
    run: async () => void (most = Math.max(most, ++flying)),
    idle: () => new Promise((resolve) => setTimeout(() => resolve(void flying--), 1)),
  };
  const seen: number[] = [];
  await runPaced(engine as Engine, batches, 20, "x", { onProgress: ({ done }) => seen.push(done) });
  expect(most).toBeLessThanOrEqual(9);
  expect(flying).toBe(0);
  expect(seen).toEqual(Array.from({ length: 21 }, (_, i) => i));
});
