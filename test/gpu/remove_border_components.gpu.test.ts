import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { removeBorderComponents } from "../../src/ops/mask/remove_border_components.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { removeBorderVoxels } from "../reference/remove_border_components.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { maskCases, uploadMask } from "../support/masks.js";
import { gridOf, random } from "../support/volumes.js";

const engine = testBothEngines();
const cases = maskCases();

describe.each(cases)("$name", ({ grid, voxels }) => {
  test("what is left without border components equals its twin", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const { size } = grid;
      same(await taken(removeBorderComponents(mask)), removeBorderVoxels(voxels, size));
      const perVolume = { perSlice: false } as const;
      same(await taken(removeBorderComponents(mask, perVolume)), removeBorderVoxels(voxels, size, false));
      same(await mask.read(), voxels);
    });
  });
});

test("a limit too small for the runs is an error that says so, and nothing is left behind", async () => {
  const gpu = await engine();
  const grid = gridOf([64, 64, 4]);
  const stripes = new Uint8Array(64 * 64 * 4).map((_, i) => i & 1);
  await withMask(gpu, grid, stripes, async (mask) => {
    const held = gpu.memory.bytes;
    const small = Object.create(gpu, {
      limits: { value: { ...gpu.limits, maxBindingBytes: 4096 } },
    }) as Engine;
    const seenBySmall = Object.assign(Object.create(mask) as BitMask, { engine: small });
    await expect(removeBorderComponents(seenBySmall)).rejects.toMatchObject({
      code: "limit-exceeded",
      fields: { got: 32 * 64 * 4 * 4, accepted: 4096 },
    });
    expect(gpu.memory.bytes).toBe(held);
  });
});

test("an abort rejects with its reason, progress runs to its end, and nothing is left behind", async () => {
  const gpu = await engine();
  const grid = gridOf([65, 40, 6]);
  const next = random(5);
  const voxels = new Uint8Array(65 * 40 * 6).map(() => (next() < 0.5 ? 1 : 0));
  await withMask(gpu, grid, voxels, async (mask) => {
    const held = gpu.memory.bytes;
    const reports: number[] = [];
    const whole = await removeBorderComponents(mask, {
      onProgress: ({ done, total }) => reports.push(done / total),
    });
    whole.destroy();
    expect(reports[0]).toBe(0);
    expect(reports.at(-1)).toBe(1);
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
    for (let stop = 0; stop < reports.length - 1; stop++) {
      const abort = new AbortController();
      let seen = 0;
      const onProgress = () => seen++ === stop && abort.abort(new Error("enough"));
      const cut = removeBorderComponents(mask, { signal: abort.signal, onProgress });
      await expect(cut.then((late) => late.destroy())).rejects.toThrow("enough");
      expect(gpu.memory.bytes).toBe(held);
    }
  });
});

function same(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(firstDifference(actual, expected)).toBe(-1);
}

async function withMask(
  gpu: Engine,
  grid: Grid,
  voxels: Uint8Array,
  use: (mask: BitMask) => Promise<void>,
): Promise<void> {
  await withScratch(async (scratch) => use(scratch.own(await uploadMask(gpu, grid, voxels))));
}

/** The voxels of a mask, which is destroyed. */
async function taken(made: Promise<BitMask>): Promise<Uint8Array> {
  const mask = await made;
  const voxels = await mask.read();
  mask.destroy();
  return voxels;
}
