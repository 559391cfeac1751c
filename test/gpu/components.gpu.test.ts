import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { labelRuns, type Neighbors } from "../../src/ops/mask/runs.js";
import { scanCounts } from "../../src/ops/mask/scan_counts.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { floodComponents } from "../reference/components.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { maskCases, uploadMask } from "../support/masks.js";
import { random } from "../support/volumes.js";

const engine = testBothEngines();
const cases = maskCases();

test.each([1, 63, 64, 65, 4097, 270000])("prefix sums of %i counts", async (length) => {
  const gpu = await engine();
  const next = random(length);
  const counts = Uint32Array.from({ length }, () => Math.floor(next() * 17));
  const buffer = await gpu.allocate("counts", length * 4);
  gpu.write(buffer, 0, counts);
  const total = await scanCounts(gpu, buffer, length);
  let sum = 0;
  const expected = counts.map((count) => (sum += count) - count);
  same(new Uint32Array(await gpu.read(buffer, 0, length * 4)), expected);
  expect(total).toBe(sum);
  buffer.destroy();
});

describe.each(cases)("$name", ({ grid, voxels }) => {
  test.each([4, 8, 6, 18, 26] as const)("labels of %i neighbors equal a flood fill's", async (neighbors) => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      same(await labelVoxels(mask, neighbors, false), expectedLabels(grid, voxels, neighbors));
    });
  });

  test("labels of the background do too", async () => {
    const clear = voxels.map((voxel) => 1 - voxel);
    await withMask(await engine(), grid, voxels, async (mask) => {
      same(await labelVoxels(mask, 4, true), expectedLabels(grid, clear, 4));
      same(await labelVoxels(mask, 6, true), expectedLabels(grid, clear, 6));
    });
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

/** Per voxel: the root run of its component, or -1. */
function labelVoxels(mask: BitMask, neighbors: Neighbors, background: boolean): Promise<Int32Array> {
  const { engine: gpu, grid } = mask;
  const [nx, ny, nz] = grid.size;
  return withScratch(async (scratch) => {
    const labels = await labelRuns(scratch, mask, { neighbors, background }, "label", {});
    const firstRun = new Uint32Array(await gpu.read(labels.firstRun, 0, labels.firstRun.bytes));
    const root = new Uint32Array(await gpu.read(labels.root, 0, labels.root.bytes));
    const voxels = await mask.read();
    const named = new Int32Array(voxels.length).fill(-1);
    for (let row = 0; row < ny * nz; row++) {
      let run = firstRun[row] - 1;
      for (let x = 0, i = row * nx; x < nx; x++, i++) {
        const inside = (voxels[i] === 1) !== background;
        if (inside && (x === 0 || voxels[i - 1] !== voxels[i])) run++;
        if (inside) named[i] = root[run];
      }
    }
    return named;
  });
}

/**
 * What `labelVoxels` must give: runs numbered over the volume, each component named by the run of its first
 * voxel.
 */
function expectedLabels(grid: Grid, voxels: Uint8Array, neighbors: Neighbors): Int32Array {
  const { label, components } = floodComponents(voxels, grid.size, neighbors);
  let runs = 0;
  const runOf = new Int32Array(voxels.length);
  voxels.forEach((voxel, i) => {
    if (voxel && (i % grid.size[0] === 0 || !voxels[i - 1])) runs++;
    runOf[i] = runs - 1;
  });
  return label.map((name) => (name < 0 ? -1 : runOf[components[name].first]));
}
