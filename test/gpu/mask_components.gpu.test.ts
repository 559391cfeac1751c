import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { fillHoles } from "../../src/ops/mask/fill_holes.js";
import { keepLargeComponents } from "../../src/ops/mask/keep_large_components.js";
import { removeBorderComponents } from "../../src/ops/mask/remove_border_components.js";
import { labelRuns, type Neighbors } from "../../src/ops/mask/runs.js";
import { scanCounts } from "../../src/ops/mask/scan_counts.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { floodComponents } from "../reference/components.js";
import { fillVoxelHoles } from "../reference/fill_holes.js";
import { keepLargeVoxels } from "../reference/keep_large_components.js";
import { removeBorderVoxels } from "../reference/remove_border_components.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { maskCases, uploadMask } from "../support/masks.js";
import { gridOf, random } from "../support/volumes.js";

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

  test("border components, large components and holes equal their twins", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const { size } = grid;
      same(await taken(removeBorderComponents(mask)), removeBorderVoxels(voxels, size));
      const perVolume = { perSlice: false } as const;
      same(await taken(removeBorderComponents(mask, perVolume)), removeBorderVoxels(voxels, size, false));
      for (const minimumFraction of [0, 0.1, 0.5, 1]) {
        const large = await taken(keepLargeComponents(mask, { minimumFraction }));
        same(large, keepLargeVoxels(voxels, size, minimumFraction));
      }
      same(await taken(fillHoles(mask)), fillVoxelHoles(voxels, size));
      same(await taken(fillHoles(mask, { maximumAreaMm2: 3 })), fillVoxelHoles(voxels, size, 3));
      const all = Number.POSITIVE_INFINITY;
      same(await taken(fillHoles(mask, perVolume)), fillVoxelHoles(voxels, size, all, false));
      same(await mask.read(), voxels);
    });
  });
});

test("a component of exactly the fraction of the largest is large, one voxel less is not", async () => {
  // Counts beyond 16 bits, so that all parts of the 64-bit products matter.
  const grid = gridOf([1000, 700, 9]);
  const slice = 700_000;
  const voxels = new Uint8Array(slice * 9);
  [slice, 70_000, 69_999, 42_000, 41_999].forEach((count, i) => {
    voxels.fill(1, 2 * i * slice, 2 * i * slice + count);
  });
  await withMask(await engine(), grid, voxels, async (mask) => {
    const smaller = await taken(keepLargeComponents(mask, { minimumFraction: 0.06 }));
    same(smaller, voxels.fill(0, 8 * slice));
    const tenth = await taken(keepLargeComponents(mask, { minimumFraction: 0.1 }));
    same(tenth, voxels.fill(0, 4 * slice));
  });
});

test("the hole limit is in mm²", async () => {
  const grid = gridOf([8, 5, 1], [0.5, 2, 3]);
  const ring = [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 0, 0, 1, 1, 0, 0, 1],
    [1, 1, 1, 1, 1, 0, 1, 1],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 0, 1, 1, 1, 1],
  ];
  const voxels = Uint8Array.from(ring.flat());
  await withMask(await engine(), grid, voxels, async (mask) => {
    const filled = await taken(fillHoles(mask, { maximumAreaMm2: 2.999 }));
    expect(filled).toEqual(voxels.map((voxel, i) => (i === 9 || i === 10 ? 1 : voxel)));
    expect(await taken(fillHoles(mask, { maximumAreaMm2: 3 }))).toEqual(
      voxels.map((voxel, i) => (i === 35 ? voxel : 1)),
    );
  });
});

test("options out of range are refused", async () => {
  await withMask(await engine(), gridOf([3, 3, 1]), new Uint8Array(9), async (mask) => {
    const invalid = { code: "invalid-option" };
    await expect(keepLargeComponents(mask, { minimumFraction: 1.1 })).rejects.toMatchObject(invalid);
    await expect(keepLargeComponents(mask, { minimumFraction: Number.NaN })).rejects.toMatchObject(invalid);
    await expect(fillHoles(mask, { maximumAreaMm2: -1 })).rejects.toMatchObject(invalid);
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

/** What `labelVoxels` must give: runs numbered over the volume, each component named by the run of its first voxel. */
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
