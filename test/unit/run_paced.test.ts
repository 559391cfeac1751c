import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { runPaced } from "../../src/engine/run_paced.js";

const batches = Array.from({ length: 20 }, (_, i) => ({ passes: [], count: 1, work: i }));

function recorder() {
  const works: (number | undefined)[] = [];
  const engine: Pick<Engine, "run"> = { run: async (_, work) => void works.push(work) };
  return { engine: engine as Engine, works };
}

test("batches are handed over in order, with their work, and progress counts them", async () => {
  const { engine, works } = recorder();
  const seen: number[] = [];
  await runPaced(engine, batches, 20, "x", { onProgress: ({ done }) => seen.push(done) });
  expect(works).toEqual(batches.map(({ work }) => work));
  expect(seen).toEqual(Array.from({ length: 21 }, (_, i) => i));
});

test("after an abort nothing more is handed over", async () => {
  const { engine, works } = recorder();
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => done === 3 && stop.abort("enough");
  await expect(runPaced(engine, batches, 20, "x", { signal: stop.signal, onProgress })).rejects.toBe(
    "enough",
  );
  expect(works).toHaveLength(3);
});
