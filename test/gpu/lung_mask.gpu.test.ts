// Over 300 lines: the recipe from air to sides, step by step on the same phantoms, which are made once.
import { beforeAll, describe, expect, test } from "vitest";
import { type Grid, voxelVolumeMm3 } from "../../src/core/grid.js";
import { reorient, reorientedGrid } from "../../src/ops/resample/reorient.js";
import { resampleMask } from "../../src/ops/resample/resample_mask.js";
import { withScratch } from "../../src/ops/scratch.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { bodyMask } from "../../src/recipes/body_mask.js";
import type { LungQuality, LungsFound } from "../../src/recipes/lung_mask/judge.js";
import { type LungMaskOptions, lungMask } from "../../src/recipes/lung_mask.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import { testBothEngines } from "../support/gpu.js";
import { expectCleanAborts, expectSame, taken } from "../support/mask_results.js";
import { uploadMask } from "../support/masks.js";
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

describe("emphysema is lung, however empty", () => {
  const half = (nz / 2) * nx * ny;
  test.each<[string, (i: number) => boolean, number]>([
    ["both lungs", () => true, 120],
    ["both lungs, emptied", () => true, 201],
    ["the left lung alone", (i) => truth[i] === 2, 120],
    ["the lower half", (i) => i < half, 140],
    ["the upper half", (i) => i >= half, 140],
  ])("%s", async (_, isThere, byHu) => {
    const emptied = hu.map((value, i) => {
      return (truth[i] === 1 || truth[i] === 2) && value < -600 && isThere(i)
        ? Math.max(-1024, value - byHu)
        : value;
    });
    const { labels, quality } = await labelsOf(emptied, chest.grid);
    expect(dice(labels, truth, 1)).toBeGreaterThan(0.98);
    expect(dice(labels, truth, 2)).toBeGreaterThan(0.98);
    expect(found(quality).flags).toEqual([]);
    // The stomach's gas stays out.
    expect(
      labels.filter((label, i) => label > 0 && truth[i] === 0 && hu[i] < -950 && i < 10 * nx * ny),
    ).toHaveLength(0);
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

describe("a mask from elsewhere", () => {
  test("gets sides, airways, numbers and flags, and keeps its voxels", async () => {
    const gpu = await engine();
    // Both lungs as a network may draw them: a voxel more or less, the airways in them in it.
    const drawn = truth.map((label) => (label > 0 ? 1 : 0));
    using volume = await uploadVolume(gpu, chest.grid, hu);
    using candidates = await uploadMask(gpu, chest.grid, drawn);
    using mask = await lungMask(volume, { candidates });
    const labels = await mask.readLabels();
    expect(dice(labels, truth, 1)).toBeGreaterThan(0.995);
    expect(dice(labels, truth, 2)).toBeGreaterThan(0.995);
    const { right, left, airwaysMl, flags, density } = found(mask.quality);
    expect(right.ml / left.ml).toBeCloseTo(1.04, 1);
    expect(airwaysMl).toBeGreaterThan(15);
    expect(density.meanHu).toBeLessThan(-750);
    expect(flags).toEqual([]);
    expect(labels.every((label, i) => label === 0 || label === 3 || drawn[i] === 1)).toBe(true);
    expect(labels.every((label, i) => drawn[i] === 0 || label > 0)).toBe(true);
    expect(mask.history).toMatchObject({ operation: "lungMask" });
  });

  test("in another orientation, on another grid, empty, and beside the plain method", async () => {
    const gpu = await engine();
    using volume = await uploadVolume(gpu, chest.grid, hu);
    using turned = await reorient(volume, { axes: "RAI" });
    const drawn = Uint8Array.from(truth, (_, i) => {
      const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      return truth[((nz - 1 - z) * ny + (ny - 1 - y)) * nx + (nx - 1 - x)] > 0 ? 1 : 0;
    });
    using candidates = await uploadMask(gpu, turned.grid, drawn);
    using mask = await lungMask(turned, { candidates });
    expect(found(mask.quality).rightToLeft).toBeCloseTo(1.04, 1);
    await expect(lungMask(volume, { candidates })).rejects.toMatchObject({ code: "wrong-grid" });
    using none = await uploadMask(gpu, chest.grid, new Uint8Array(truth.length));
    using empty = await lungMask(volume, { candidates: none });
    expect(empty.quality).toEqual({ verdict: "no-lungs", reason: "empty-candidates" });
    const both: LungMaskOptions = JSON.parse('{ "method": "threshold" }');
    await expect(lungMask(volume, { ...both, candidates: none } as LungMaskOptions)).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

describe("the body", () => {
  test("is the patient with all that tissue encloses, without the table; in any orientation", async () => {
    const gpu = await engine();
    using volume = await uploadVolume(gpu, chest.grid, hu);
    using body = await bodyMask(volume);
    const bits = await body.read();
    const at = (x: number, y: number, z: number) => bits[(z * ny + y) * nx + x];
    // Every voxel of lung and airway within; the corners and the table, whose top is 136 mm behind the
    // middle, without.
    expect(truth.every((label, i) => label === 0 || bits[i] === 1)).toBe(true);
    expect([at(0, 0, 20), at(64, 2, 20), at(64, 116, 20), at(20, 120, 20)]).toEqual([0, 0, 0, 0]);
    const tissue = hu.filter((value, i) => value > -200 && bits[i] === 0 && Math.floor(i / nx) % ny < 105);
    expect(tissue.length / bits.length).toBeLessThan(0.0005);
    using turned = await reorient(volume, { axes: "IAR" });
    using again = await bodyMask(turned);
    using back = await resampleMask(again, { onto: chest.grid });
    expectSame(await back.read(), bits);
    expect(body.history).toMatchObject({ operation: "bodyMask" });
  });

  test("of an empty scanner there is none; padding of any value is outside", async () => {
    const gpu = await engine();
    using air = await uploadVolume(gpu, gridOf([20, 20, 4]), new Int16Array(1600).fill(-1000));
    using none = await bodyMask(air);
    expect((await none.read()).every((bit) => bit === 0)).toBe(true);
    const filled = changed((x, y) => (Math.hypot(x - 63.5, y - 63.5) > 64 ? 40 : undefined));
    using padded = await uploadVolume(gpu, chest.grid, filled);
    using plain = await uploadVolume(gpu, chest.grid, hu);
    using one = await bodyMask(padded);
    using other = await bodyMask(plain);
    // Voxels of skin that have the value too and touch it go with it.
    const plainBits = await other.read();
    const differing = (await one.read()).filter((bit, i) => bit !== plainBits[i]).length;
    expect(differing).toBeLessThan(20);
    using lungs = await lungMask(padded);
    expect(found(lungs.quality).flags).toEqual(["padding"]);
    expectSame(await lungs.readLabels(), (await labelsOf(hu, chest.grid)).labels);
  });
});

describe("a field of view that cuts the patient", () => {
  const half = (from: number, to: number) => {
    const width = to - from;
    const pick = <T extends Int16Array | Uint8Array>(all: T) =>
      all.filter((_, i) => i % nx >= from && i % nx < to) as T;
    return { grid: { ...chest.grid, size: [width, ny, nz] as const }, hu: pick(hu), truth: pick(truth) };
  };

  test.each([
    ["right", 1, 0, 62],
    ["left", 2, 66, 128],
  ] as const)("one half: the %s lung is that", async (_, label, from, to) => {
    const one = half(from, to);
    const { labels, quality } = await labelsOf(one.hu, one.grid);
    expect(dice(labels, one.truth, label)).toBeGreaterThan(0.96);
    expect(labels.includes(3 - label)).toBe(false);
    expect(found(quality).flags).toContain("one-lung");
  });

  test("in every slice: both lungs are found, and it is said", async () => {
    const inside = (i: number) => {
      const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      return x >= 36 && x < 92 && y >= 44 && y < 86 && z >= 18 && z < 28;
    };
    const pick = <T extends Int16Array | Uint8Array>(all: T) => all.filter((_, i) => inside(i)) as T;
    const grid = { ...chest.grid, size: [56, 42, 10] as const };
    const { labels, quality } = await labelsOf(pick(hu), grid);
    expect(found(quality).flags).toContain("cut-by-field");
    expect(dice(labels, pick(truth), 1)).toBeGreaterThan(0.93);
    expect(dice(labels, pick(truth), 2)).toBeGreaterThan(0.93);
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
