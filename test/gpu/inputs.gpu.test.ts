import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { voxelCount } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { Engine } from "../../src/engine/engine.js";
import * as ops from "../../src/ops/index.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { inputsOf } from "../support/inputs_of.js";
import { noiseVoxels } from "../support/mask_results.js";
import { uploadMask } from "../support/masks.js";
import { placedGrid, placements } from "../support/placements.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

interface Pair {
  readonly volume: CtVolume;
  readonly mask: BitMask;
}

/** Every operation of several inputs, with each of them in turn being the one that may lie elsewhere. */
const operations: Readonly<Record<string, (here: Pair, there: Pair) => Promise<unknown>[]>> = {
  combineMasks: ({ mask: a }, { mask: b }) => [
    made(ops.combineMasks(a, b, { rule: "or" })),
    made(ops.combineMasks(b, a, { rule: "andNot" })),
  ],
  compareMasks: ({ mask: a }, { mask: b }) => [ops.compareMasks(a, b), ops.compareMasks(b, a)],
  surfaceDistances: ({ mask: a }, { mask: b }) => [ops.surfaceDistances(a, b), ops.surfaceDistances(b, a)],
  growFrom: ({ mask: a }, { mask: b }) => [made(ops.growFrom(a, b)), made(ops.growFrom(b, a))],
  keepByShare: ({ mask: a }, { mask: b }) => [
    made(ops.keepByShare(a, { part: b, whole: a, shareBelow: 0.5 })),
    made(ops.keepByShare(a, { part: a, whole: b, shareBelow: 0.5 })),
    made(ops.keepByShare(b, { part: a, whole: a, shareBelow: 0.5 })),
  ],
  maskLabelSlabs: ({ mask: a }, { mask: b }) =>
    [
      [a, b],
      [a, a, b],
    ].map((masks) => drained(ops.maskLabelSlabs(masks.map((mask, i) => ({ mask, label: i + 1 }))))),
  createLabels: ({ mask: a }, { mask: b }) => [labelsOf(a, b, async () => {})],
  labelStatistics: ({ volume }, { mask }) => [
    labelsOf(mask, mask, (labels) => ops.labelStatistics(volume, { labels })),
  ],
  histogram: ({ volume }, { mask }) => [ops.histogram(volume, { mask })],
  statistics: ({ volume }, { mask }) => [ops.statistics(volume, { mask })],
  normalizeSlabs: ({ volume }, { mask }) => [
    drained(ops.normalizeSlabs(volume, { mask, method: "z-score" })),
  ],
};

/** Labels of two masks, for as long as they are used. */
async function labelsOf(
  a: BitMask,
  b: BitMask,
  use: (labels: ops.LabelVolume) => Promise<unknown>,
): Promise<void> {
  const masks = [a, b].map((mask, i) => ({ mask, label: i + 1 }));
  const labels = await ops.createLabels(a.engine, { grid: a.grid, masks });
  await use(labels).finally(() => labels.destroy());
}

async function made(mask: Promise<BitMask>): Promise<void> {
  (await mask).destroy();
}

async function drained(slabs: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of slabs);
}

/** Runs `use` with a volume and a mask on each of two grids, and sees that it leaves nothing behind. */
async function withPairs(
  [here, hereGrid]: readonly [Engine, Grid],
  [there, thereGrid]: readonly [Engine, Grid],
  use: (here: Pair, there: Pair) => Promise<void>,
): Promise<void> {
  const pairs = [await pairOf(here, hereGrid), await pairOf(there, thereGrid)] as const;
  const held = [here.memory.bytes, there.memory.bytes];
  await use(...pairs);
  expect([here.memory.bytes, there.memory.bytes]).toEqual(held);
  pairs.forEach(destroyPair);
}

async function pairOf(on: Engine, grid: Grid): Promise<Pair> {
  const hu = Int16Array.from({ length: voxelCount(grid) }, (_, i) => i);
  const mask = await uploadMask(on, grid, noiseVoxels(grid.size, 0.5, 1));
  return { volume: await uploadVolume(on, grid, hu), mask };
}

function destroyPair({ volume, mask }: Pair): void {
  volume.destroy();
  mask.destroy();
}

test("the table names every operation that takes several volumes or masks", () => {
  const several = [...inputsOf("ops/index.ts")].filter(([, inputs]) => inputs > 1).map(([name]) => name);
  expect(several.sort()).toEqual(Object.keys(operations).sort());
});

describe.each(Object.entries(operations))("%s", (_, operate) => {
  test.each(placements)("of something %s: same place %s", async (_name, isSame, grid) => {
    const on = await engine();
    await withPairs([on, placedGrid], [on, grid], async (here, there) => {
      for (const ran of operate(here, there)) {
        if (isSame) await ran;
        else
          await expect(ran).rejects.toMatchObject({
            code: "wrong-grid",
            message: expect.stringContaining("resample"),
          });
      }
    });
  });

  test("of something of another size", async () => {
    const on = await engine();
    await withPairs([on, gridOf([6, 6, 4])], [on, gridOf([6, 6, 5])], async (here, there) => {
      for (const ran of operate(here, there)) {
        const fields = { got: { size: expect.anything() }, accepted: { size: expect.anything() } };
        await expect(ran).rejects.toMatchObject({ code: "wrong-grid", fields });
      }
    });
  });

  test("of something on another engine", async () => {
    const on = await engine();
    const other = await createCpuEngine();
    await withPairs([on, placedGrid], [other, placedGrid], async (here, there) => {
      for (const ran of operate(here, there))
        await expect(ran).rejects.toMatchObject({ code: "wrong-engine" });
    });
    other.destroy();
  });

  test("of something destroyed", async () => {
    const on = await engine();
    const gone = await pairOf(on, placedGrid);
    destroyPair(gone);
    await withPairs([on, placedGrid], [on, placedGrid], async (here) => {
      for (const ran of operate(here, gone)) await expect(ran).rejects.toMatchObject({ code: "destroyed" });
    });
    await expect(gone.volume.read()).rejects.toMatchObject({ code: "destroyed" });
    await expect(gone.mask.read()).rejects.toMatchObject({ code: "destroyed" });
  });
});

test.each([
  [2, 9],
  [-1, 2],
  [3, 1],
  [0.5, 2],
  [0, Number.NaN],
])("slices [%d, %d) of 4 are refused", async (z0, z1) => {
  const on = await engine();
  await withPairs([on, placedGrid], [on, placedGrid], async ({ volume, mask }) => {
    for (const read of [volume.read(z0, z1), mask.read(z0, z1)])
      await expect(read).rejects.toMatchObject({
        code: "invalid-option",
        fields: { got: [z0, z1], accepted: [0, 4] },
      });
  });
});

test("slices up to the last are read, and none where none are asked for", async () => {
  const on = await engine();
  await withPairs([on, placedGrid], [on, placedGrid], async ({ volume, mask }) => {
    expect((await volume.read(3, 4)).length).toBe(36);
    expect((await mask.read(3, 4)).length).toBe(36);
    for (const z of [0, 4]) {
      expect((await volume.read(z, z)).length).toBe(0);
      expect((await mask.read(z, z)).length).toBe(0);
    }
  });
});
