import { afterEach, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { Engine } from "../../src/engine/engine.js";
import { spawnComputeWorker } from "../../src/node/spawn_compute_worker.js";
import { combineMasks } from "../../src/ops/mask/combine_masks.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { thresholdVoxels } from "../reference/threshold.js";
import { firstDifference } from "../support/arrays.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const worker = new URL("../../dist/node/compute_worker.js", import.meta.url);
let engine: Engine | undefined;

afterEach(() => engine?.destroy());

/** Workers come up while the first passes run: wait until they help, so that what is tested is a team. */
async function openTeam(threads: number) {
  let started = 0;
  const opened = await createCpuEngine({
    threads,
    startWorker: (start) => {
      started++;
      return spawnComputeWorker(worker, start);
    },
  });
  engine = opened;
  return { engine: opened, started: () => started };
}

test("a team gives what one thread gives, pass after pass, while its workers come up and after", async () => {
  const { engine, started } = await openTeam(3);
  expect(engine.capabilities).toEqual({ processor: "cpu", threads: 3, rendering: false });
  const grid = gridOf([257, 96, 24]);
  const next = random(7);
  const hu = Int16Array.from({ length: 257 * 96 * 24 }, () => Math.floor(next() * 3000) - 1024);
  const volume = await uploadVolume(engine, grid, hu);
  const expected = thresholdVoxels(hu, { belowHu: -900 });
  const until = performance.now() + 400;
  for (let round = 0; performance.now() < until || round < 20; round++) {
    const low = await threshold(volume, { belowHu: -900 });
    const high = await threshold(volume, { fromHu: 500 });
    const both = await combineMasks(low, high, { rule: "andNot" });
    expect(firstDifference(await both.read(), expected)).toBe(-1);
    for (const mask of [low, high, both]) mask.destroy();
  }
  expect(started()).toBe(2);
  volume.destroy();
  expect(engine.memory.bytes).toBe(0);
});

test("a team whose workers cannot start does the work alone", async () => {
  const alone = await createCpuEngine({ threads: 2, startWorker: () => () => {} });
  engine = alone;
  const hu = new Int16Array(512 * 64 * 20).fill(-1000);
  const volume = await uploadVolume(alone, gridOf([512, 64, 20]), hu);
  const mask = await threshold(volume, { belowHu: -500 });
  expect((await mask.read()).every((voxel) => voxel === 1)).toBe(true);
});
