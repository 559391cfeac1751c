import { beforeAll, describe, expect, test } from "vitest";
import { type Grid, voxelVolumeMm3 } from "../../src/core/grid.js";
import { reorient, reorientedGrid } from "../../src/ops/resample/reorient.js";
import { withScratch } from "../../src/ops/scratch.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import type { LungQuality, LungsFound } from "../../src/recipes/lung_mask/judge.js";
import { type LungMaskOptions, lungMask } from "../../src/recipes/lung_mask.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import { testBothEngines } from "../support/gpu.js";
import { expectCleanAborts, expectSame, taken } from "../support/mask_results.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const chest = chestPhantom({ size: [128, 128, 40] });
const { hu, truth } = wholePhantom();
const [nx, ny, nz] = chest.grid.size;

function wholePhantom() {
  const { grid } = chest;
  const slice = grid.size[0] * grid.size[1];
  const hu = new Int16Array(slice * grid.size[2]);
  const truth = new Uint8Array(hu.length);
  for (let k = 0; k < grid.size[2]; k++) {
    hu.set(chest.slice(k), k * slice);
    truth.set(chest.labels(k), k * slice);
  }
  return { hu, truth };
}

async function labelsOf(voxels: Int16Array, grid: Grid, options: LungMaskOptions = {}) {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, grid, voxels);
  using mask = await lungMask(volume, options);
  return { labels: await mask.readLabels(), quality: mask.quality };
}

function found(quality: LungQuality): LungsFound {
  if (quality.verdict !== "lungs") throw new Error(`no lungs: ${JSON.stringify(quality)}`);
  return quality;
}

/** Of one label, over all voxels where `counts`. */
function dice(one: Uint8Array, other: Uint8Array, label: number, counts = (_: number) => true): number {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < one.length; i++) {
    if (!counts(i)) continue;
    const [a, b] = [one[i] === label, other[i] === label];
    if (a && b) both++;
    sum += Number(a) + Number(b);
  }
  return (2 * both) / sum;
}

/** The phantom with voxels changed where `change` says. */
function changed(change: (x: number, y: number, z: number, i: number) => number | undefined): Int16Array {
  return hu.map((value, i) => change(i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny), i) ?? value);
}

describe("the phantom", () => {
  let whole: ReturnType<typeof labelsOf>;
  beforeAll(() => {
    whole = labelsOf(hu, chest.grid);
  });

  test("right, left and airways are where they are, volumes with them; stomach gas is none", async () => {
    const { labels, quality } = await whole;
    expect(dice(labels, truth, 1)).toBeGreaterThan(0.98);
    expect(dice(labels, truth, 2)).toBeGreaterThan(0.98);
    // Of the small bronchi, which the phantom labels too, voxels of 2.8 mm show nothing.
    expect(dice(labels, truth, 3)).toBeGreaterThan(0.6);
    const { right, left, airwaysMl, flags } = found(quality);
    const ml = (label: number) =>
      (labels.filter((one) => one === label).length * voxelVolumeMm3(chest.grid)) / 1000;
    expect([right.ml, left.ml, airwaysMl]).toEqual([1, 2, 3].map((label) => expect.closeTo(ml(label), 6)));
    expect(flags).toEqual([]);
    const stomach = labels.filter((label, i) => label > 0 && hu[i] < -950 && i < 10 * nx * ny);
    expect(stomach).toHaveLength(0);
  });

  test("in any orientation the same voxels have the same labels", async () => {
    const gpu = await engine();
    const { labels } = await whole;
    await withScratch(async (scratch) => {
      const upright = scratch.own(await uploadVolume(gpu, chest.grid, hu));
      // Slices along x from the left; rows from the back; columns from the head.
      const turned = scratch.own(await reorient(upright, { axes: "IAR" }));
      expect(turned.grid.size).toEqual([nz, ny, nx]);
      const mask = scratch.own(await lungMask(turned));
      const back = reorientedGrid(turned.grid, "LPS");
      expect(back.size).toEqual(chest.grid.size);
      const there = await mask.readLabels();
      const again = labels.map((_, i) => {
        const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
        return there[((nx - 1 - x) * ny + (ny - 1 - y)) * nz + (nz - 1 - z)];
      });
      expectSame(again, labels);
    });
  });
});

describe("what breaks simple recipes", () => {
  test("a field of view that cuts both lungs deletes neither, and is flagged", async () => {
    const inField = (x: number, y: number) => Math.hypot(x - 63.5, y - 66) * 2.8 < 120;
    const cut = changed((x, y) => (inField(x, y) ? undefined : -1024));
    const { labels, quality } = await labelsOf(cut, chest.grid);
    const counts = (i: number) => inField(i % nx, Math.floor(i / nx) % ny);
    // At the cut two voxels of 2.8 mm are lost: they may be the skin's.
    expect(dice(labels, truth, 1, counts)).toBeGreaterThan(0.93);
    expect(dice(labels, truth, 2, counts)).toBeGreaterThan(0.93);
    expect(found(quality).flags).toContain("cut-by-field");
  });

  test("lungs that touch are parted where they touch", async () => {
    const grown = new Uint8Array(truth);
    // Through the fat behind the breastbone, 8 mm high and over 20 mm of the body's length.
    const bridge = changed((x, y, z, i) => {
      const between = z > 20 && z < 24 && y > 36 && y < 40 && truth[i] === 0 && x > 45 && x < 85;
      if (between) grown[i] = 4;
      return between ? -850 : undefined;
    });
    const { labels, quality } = await labelsOf(bridge, chest.grid);
    expect(found(quality).rightToLeft).toBeCloseTo(1.04, 1);
    const wrong = labels.filter(
      (label, i) => (label === 1 && truth[i] === 2) || (label === 2 && truth[i] === 1),
    );
    expect(wrong.length / labels.filter((label) => label > 0).length).toBeLessThan(0.002);
  });

  test("bowel gas that joins the left lung through the diaphragm stays out", async () => {
    const [bubble] = gasBelow(10);
    const joined = changed((x, y, z) => {
      const column = Math.hypot(x - bubble.x, y - bubble.y) < 3 && z >= bubble.z && z < 16;
      return column ? -900 : undefined;
    });
    const { labels, quality } = await labelsOf(joined, chest.grid);
    const gas = labels.filter((label, i) => label > 0 && hu[i] < -950 && i < bubble.z * nx * ny);
    expect(gas).toHaveLength(0);
    expect(dice(labels, truth, 2)).toBeGreaterThan(0.97);
    expect(found(quality).rightToLeft).toBeCloseTo(1.04, 1);
  });

  test("noise of a low dose and slices of 7 mm", async () => {
    const thick = chestPhantom({ size: [96, 96, 40], seed: 4, noiseHu: 80 });
    const slices = Array.from({ length: 40 }, (_, k) => k);
    const voxels = Int16Array.from(slices.flatMap((k) => Array.from(thick.slice(k))));
    const labels = Uint8Array.from(slices.flatMap((k) => Array.from(thick.labels(k))));
    const made = await labelsOf(voxels, thick.grid);
    expect(dice(made.labels, labels, 1)).toBeGreaterThan(0.97);
    expect(dice(made.labels, labels, 2)).toBeGreaterThan(0.97);
    expect(found(made.quality).airwaysMl).toBeGreaterThan(15);
  });

  /** The middle of the stomach's gas: the lowest air without lung around it. */
  function gasBelow(slices: number) {
    let count = 0;
    const sum = [0, 0];
    let top = 0;
    for (let i = 0; i < slices * nx * ny; i++) {
      const [x, y] = [i % nx, Math.floor(i / nx) % ny];
      if (hu[i] >= -960 || truth[i] !== 0 || Math.hypot(x - 64, y - 64) > 35) continue;
      count++;
      sum[0] += x;
      sum[1] += y;
      top = Math.floor(i / nx / ny);
    }
    return [{ x: sum[0] / count, y: sum[1] / count, z: top }];
  }
});

describe("no chest, no mask", () => {
  const grid = gridOf([40, 40, 12], [5, 5, 5]);
  const body = (inside: (x: number, y: number) => number) =>
    Int16Array.from({ length: 40 * 40 * 12 }, (_, i) => {
      const [x, y] = [(i % 40) - 19.5, (Math.floor(i / 40) % 40) - 19.5];
      return Math.hypot(x, y) < 17 ? inside(x, y) : -1000;
    });

  test.each([
    ["no-body", new Int16Array(40 * 40 * 12).fill(-1000), grid],
    ["no-lung-sized-air", body(() => 40), grid],
    ["no-lung-sized-air", body((x, y) => (Math.hypot(x, y) < 3 ? -850 : 40)), grid],
    ["not-lung-tissue", body((x, y) => (Math.hypot(x, y) < 9 ? -450 : 40)), grid],
    ["no-lung-sized-air", body((x, y) => (Math.hypot(x, y) < 9 ? -1000 : 40)), grid],
    ["no-lung-sized-air", Int16Array.of(40), gridOf([1, 1, 1])],
    ["no-body", Int16Array.of(-1000), gridOf([1, 1, 1])],
  ] as const)("%s", async (reason, voxels, its) => {
    const { labels, quality } = await labelsOf(voxels, its);
    expect(quality).toEqual({ verdict: "no-lungs", reason });
    expect(labels.every((label) => label === 0)).toBe(true);
  });
});

test("the plain method is the plain recipe; another is refused", async () => {
  const gpu = await engine();
  using volume = await uploadVolume(gpu, chest.grid, hu);
  using mask = await lungMask(volume, { method: "threshold" });
  expectSame(await mask.readLabels(), await taken(lungThreshold(volume)));
  expect(mask.quality.verdict).toBe("not-judged");
  const other: LungMaskOptions = JSON.parse('{ "method": "magic" }');
  await expect(lungMask(volume, other)).rejects.toMatchObject({ code: "invalid-option" });
});

test("aborted at each step, it leaves nothing behind", async () => {
  const gpu = await engine();
  const small = chestPhantom({ size: [40, 40, 12], noiseHu: 0 });
  const voxels = Int16Array.from(Array.from({ length: 12 }, (_, k) => Array.from(small.slice(k))).flat());
  using volume = await uploadVolume(gpu, small.grid, voxels);
  await expectCleanAborts(gpu, async (control) => (await lungMask(volume, control)).destroy());
});
