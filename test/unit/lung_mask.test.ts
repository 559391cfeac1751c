import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { Component } from "../../src/ops/mask/list_components.js";
import { airwaySeeds } from "../../src/recipes/lung_mask/airway_seeds.js";
import { backDifferenceMm } from "../../src/recipes/lung_mask/back_difference.js";
import { densityCounts, densityOf } from "../../src/recipes/lung_mask/density.js";
import {
  judgeLungs,
  type LungFlag,
  type LungMeasures,
  type SideMeasures,
} from "../../src/recipes/lung_mask/judge.js";
import { describeLungs } from "../../src/recipes/lung_mask/words.js";

const spacing: Vec3 = [1, 1, 2];

/** A part of slice z: a box around (x, y), filled to `fill`. */
function part(x: number, y: number, z: number, width: number, height: number, fill = 0.79): Component {
  const minimum: Vec3 = [x - (width - 1) / 2, y - (height - 1) / 2, z];
  const maximum: Vec3 = [x + (width - 1) / 2, y + (height - 1) / 2, z];
  const voxels = Math.round(width * height * fill);
  return { voxels, minimum, maximum, centroid: [x, y, z], centroidMm: [x, y, 2 * z], faces: [] };
}

describe("seeds of the airways", () => {
  const trachea = Array.from({ length: 30 }, (_, i) => part(100 + i * 0.1, 80 + i * 0.3, 90 - i, 17, 17));

  test("the longest chain of round parts, one seed a slice", () => {
    const esophagus = Array.from({ length: 22 }, (_, i) => part(104, 110, 85 - i, 11, 11));
    const lungTips = [part(60, 80, 90, 29, 29), part(60, 80, 88, 29, 29), part(140, 60, 70, 25, 25)];
    const { seeds, carina } = airwaySeeds([...esophagus, ...trachea, ...lungTips], spacing, 100);
    expect(carina?.[2]).toBe(61);
    expect(seeds).toHaveLength(30);
    expect(seeds[0]).toEqual([100, 80, 90]);
    expect(seeds[29]).toEqual([103, 89, 61]);
  });

  test("a chain breaks at a gap, at a jump, and where the area doubles", () => {
    const gap = trachea.filter((_, i) => i !== 15 && i !== 8 && i !== 22);
    expect(airwaySeeds(gap, spacing, 200).seeds).toEqual([]);
    const jumping = trachea.map((one, i) => part(one.centroid[0] + (i % 2) * 20, 80, 90 - i, 17, 17));
    expect(airwaySeeds(jumping, spacing, 100).seeds).toEqual([]);
    const pulsing = trachea.map((one, i) => part(one.centroid[0], 80, 90 - i, 11 + (i % 2) * 8, 11));
    expect(airwaySeeds(pulsing, spacing, 100).seeds).toHaveLength(30);
    const doubling = trachea.map((one, i) => part(one.centroid[0], 80, 90 - i, 11 + (i % 2) * 12, 11));
    expect(airwaySeeds(doubling, spacing, 100).seeds).toEqual([]);
  });

  test("without a trachea, short chains near the middle, but no tip of a lung", () => {
    const right = Array.from({ length: 9 }, (_, i) => part(75 - i, 100, 10 - i, 13, 11));
    const left = Array.from({ length: 9 }, (_, i) => part(125 + i, 100, 10 - i, 13, 11));
    const lateral = Array.from({ length: 9 }, (_, i) => part(190, 90, 10 - i, 13, 11));
    const flat = Array.from({ length: 9 }, (_, i) => part(100, 40, 10 - i, 40, 11));
    const { seeds, carina } = airwaySeeds([...right, ...left, ...lateral, ...flat], spacing, 100);
    expect(carina).toBeUndefined();
    expect(new Set(seeds.map(([x]) => x > 100))).toEqual(new Set([true, false]));
    expect(seeds).toHaveLength(18);
    expect(airwaySeeds([], spacing, 100).seeds).toEqual([]);
  });

  test("a long round track is the trachea if it leads out of the chest; bowel lies 80 mm and more below the highest air", () => {
    const lungAt = (z: number) => part(60, 80, z, 61, 61);
    expect(airwaySeeds([...trachea, lungAt(130)], spacing, 100).carina?.[2]).toBe(61);
    expect(airwaySeeds([...trachea, lungAt(131)], spacing, 100)).toEqual({ seeds: [], carina: undefined });
  });
});

describe("what counts of voxels say", () => {
  const grid: Grid = {
    size: [200, 200, 100],
    spacingMm: [1, 1, 2],
    originMm: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  /** Slices [from, to) of a lung, rising and falling. */
  const slices = (from: number, to: number, most: number) =>
    Array.from({ length: 100 }, (_, z) =>
      z < from || z >= to
        ? 0
        : Math.round(most * Math.sin((Math.PI * (z - from + 0.5)) / (to - from)) ** 0.5),
    );
  const density = (voxels: number, tissue: number) => {
    const solid = Math.round(tissue * voxels);
    return { voxels, sumHu: -850 * voxels, empty: voxels / 10, hazy: voxels / 20, solid, tissue: solid };
  };
  const lung = (from: number, to: number, most: number) => {
    const voxelsPerSlice = slices(from, to, most);
    const voxels = voxelsPerSlice.reduce((a, b) => a + b, 0);
    const hindmostRows = voxelsPerSlice.map((_, z) => 150 - Math.round(z / 20));
    return { voxelsPerSlice, hindmostRows, density: density(voxels, 0.03), cutVoxels: 0 };
  };
  const healthy: LungMeasures = {
    right: lung(10, 92, 16000),
    left: lung(6, 92, 14000),
    airwayVoxels: 30000,
    airwaysLeak: false,
    isPadded: false,
  };
  const withBack = (side: SideMeasures, change: (row: number, z: number) => number): SideMeasures => {
    return { ...side, hindmostRows: Array.from(side.hindmostRows, change) };
  };
  const flagsOf = (change: Partial<LungMeasures>) => judgeLungs({ ...healthy, ...change }, grid).flags;

  test("volumes, ratio and areas of a healthy pair, without a flag", () => {
    const quality = judgeLungs(healthy, grid);
    const voxels = Array.from(healthy.right.voxelsPerSlice).reduce((a, b) => a + b, 0);
    expect(quality.right.ml).toBeCloseTo((voxels * 2) / 1000, 9);
    expect(quality.totalMl).toBeCloseTo(quality.right.ml + quality.left.ml, 9);
    expect(quality.rightToLeft).toBeCloseTo(quality.right.ml / quality.left.ml, 9);
    expect(quality.airwaysMl).toBe(60);
    expect(quality.right.areasMm2[50]).toBe(healthy.right.voxelsPerSlice[50]);
    expect(quality.flags).toEqual([]);
  });

  test("densities of each lung and of both", () => {
    const { right, left, density: both } = judgeLungs(healthy, grid);
    expect(right.density.meanHu).toBe(-850);
    expect(both.laa950Percent).toBeCloseTo(10, 6);
    expect(left.density.from700To500Percent).toBeCloseTo(5, 6);
    expect(left.density.above500Percent).toBeCloseTo(3, 3);
  });

  test("densities count from their limits on, and are exact", () => {
    const counts = new Uint32Array(65536);
    for (const hu of [-951, -950, -701, -700, -501, -500, -401, -400]) counts[hu + 32768] = 10;
    const counted = densityCounts(counts);
    expect(counted).toEqual({ voxels: 80, sumHu: -51040, empty: 10, hazy: 20, solid: 30, tissue: 10 });
    expect(densityOf(counted)).toEqual({
      meanHu: -638,
      laa950Percent: 12.5,
      from700To500Percent: 25,
      above500Percent: 37.5,
    });
    expect(densityOf(densityCounts(new Uint32Array(65536))).meanHu).toBeNaN();
  });

  test("every flag and reason is a sentence that says what to do", () => {
    const quality = judgeLungs({ ...healthy, left: lung(40, 92, 7000), airwayVoxels: 0 }, grid);
    expect(describeLungs(quality)).toHaveLength(quality.flags.length);
    expect(quality.flags.length).toBeGreaterThan(2);
    for (const text of describeLungs(quality)) expect(text).toMatch(/^[A-Z].{40,}\.$/);
    expect(describeLungs({ verdict: "no-lungs", reason: "no-body" })).toEqual([
      expect.stringMatching(/^No lungs: .*Check/),
    ]);
    expect(describeLungs({ verdict: "not-judged", totalMl: 1 })).toEqual([]);
  });

  test.each([
    ["cut-below", { right: lung(-20, 92, 16000) }],
    ["cut-above", { left: lung(6, 130, 14000) }],
    ["cut-by-field", { right: { ...healthy.right, cutVoxels: 600 } }],
    ["one-lung", { left: lung(0, 0, 0) }],
    ["asymmetric", { left: lung(6, 92, 7000) }],
    [
      "discontinuous",
      {
        right: { ...healthy.right, voxelsPerSlice: slices(10, 92, 16000).map((n, z) => (z === 50 ? 0 : n)) },
      },
    ],
    ["dense", { left: { ...healthy.left, density: density(1e6, 0.06) } }],
    ["uneven-bases", { left: lung(40, 92, 14000) }],
    ["uneven-backs", { right: withBack(healthy.right, (row, z) => (z < 45 ? row - 40 : row)) }],
    ["no-airways", { airwayVoxels: 0 }],
    ["airways-leak", { airwaysLeak: true }],
    ["airways-leak", { airwayVoxels: 60001 }],
    ["padding", { isPadded: true }],
    ["too-large", { right: lung(0, 100, 40000), left: lung(0, 100, 40000) }],
  ])("%s", (flag, change) => {
    expect(flagsOf(change)).toContain(flag);
  });

  test("lung in the first or last slice alone is cut; one slice away from it is not", () => {
    const only = (z: number) => ({
      ...healthy.left,
      voxelsPerSlice: slices(0, 0, 0).map((_, i) => (i === z ? 14000 : 0)),
    });
    expect(flagsOf({ left: only(99) })).toContain("cut-above");
    expect(flagsOf({ left: only(98) })).not.toContain("cut-above");
    expect(flagsOf({ left: only(0) })).toContain("cut-below");
    expect(flagsOf({ left: only(1) })).not.toContain("cut-below");
  });

  /** Slices of a lung of `ml`, alike from `from` to the last but one; slices are of 2 mm, voxels of 2 mm³. */
  const even = (ml: number, from = 10): SideMeasures => {
    const voxelsPerSlice = Array.from({ length: 100 }, (_, z) =>
      z < from || z === 99 ? 0 : Math.round((ml * 500) / (99 - from)),
    );
    return { ...healthy.left, voxelsPerSlice };
  };
  const single = (z: number, voxels: number) => {
    const voxelsPerSlice = Array.from({ length: 100 }, (_, i) => (i === z ? voxels : 10 * (i % 2)));
    return { ...healthy.left, voxelsPerSlice };
  };

  // Every number of judge.ts, from just inside and just outside.
  test.each<[LungFlag, string, Partial<LungMeasures>, Partial<LungMeasures>]>([
    [
      "asymmetric",
      "below 0.7",
      { right: even(700), left: even(1000) },
      { right: even(699), left: even(1000) },
    ],
    [
      "asymmetric",
      "above 1.8",
      { right: even(1800), left: even(1000) },
      { right: even(1802), left: even(1000) },
    ],
    [
      "dense",
      "above 0.05",
      { left: { ...even(2000), density: density(1e6, 0.05) } },
      { left: { ...even(2000), density: density(1e6, 0.0501) } },
    ],
    [
      "uneven-bases",
      "45 mm apart and more",
      { right: even(2000, 10), left: even(2000, 32) },
      { right: even(2000, 10), left: even(2000, 33) },
    ],
    ["airways-leak", "above 120 ml", { airwayVoxels: 60000 }, { airwayVoxels: 60001 }],
    [
      "too-large",
      "above 10.5 l",
      { right: even(5250), left: even(5250) },
      { right: even(5250), left: even(5251) },
    ],
    [
      "cut-by-field",
      "from 1 ml, of both lungs together",
      { right: { ...healthy.right, cutVoxels: 300 }, left: { ...healthy.left, cutVoxels: 199 } },
      { right: { ...healthy.right, cutVoxels: 300 }, left: { ...healthy.left, cutVoxels: 200 } },
    ],
    ["cut-above", "from 300 mm2", { left: single(99, 299) }, { left: single(99, 300) }],
    ["cut-below", "from 300 mm2", { left: single(0, 299) }, { left: single(0, 300) }],
    [
      "uneven-backs",
      "above 16 mm",
      { right: withBack(healthy.left, (row, z) => (z < 45 ? row - 16 : row)) },
      { right: withBack(healthy.left, (row, z) => (z < 45 ? row - 17 : row)) },
    ],
  ])("%s is what lies %s", (flag, _, inside, outside) => {
    expect(flagsOf(inside)).not.toContain(flag);
    expect(flagsOf(outside)).toContain(flag);
  });

  test("areas may change by a quarter of the largest from slice to slice, of thick slices by 0.05 a mm", () => {
    const steps = (part: number) => ({
      ...healthy.left,
      voxelsPerSlice: Array.from({ length: 100 }, (_, z) => (z % 2 === 0 ? 1000 : 1000 * (1 - part))),
    });
    const isTorn = (part: number, thick: number) => {
      const spaced: Grid = { ...grid, spacingMm: [1, 1, thick] };
      const measures = { ...healthy, right: steps(part), left: steps(part) };
      return judgeLungs(measures, spaced).flags.includes("discontinuous");
    };
    expect([isTorn(0.25, 2), isTorn(0.251, 2)]).toEqual([false, true]);
    expect([isTorn(0.25, 5), isTorn(0.251, 5)]).toEqual([false, true]);
    expect([isTorn(0.5, 10), isTorn(0.501, 10)]).toEqual([false, true]);
  });

  test("a patient turned on the table has even backs; in a short scan nobody knows", () => {
    expect(
      backDifferenceMm(
        withBack(healthy.right, (row) => row - 40),
        healthy.left,
        grid,
      ),
    ).toBe(0);
    const ofSlices = (count: number) => {
      const few = { ...grid, size: [200, 200, count] as const };
      const fluid = withBack(healthy.right, (row, z) => (z < 45 ? row - 40 : row));
      return backDifferenceMm(fluid, healthy.left, few);
    };
    expect(ofSlices(100)).toBeCloseTo(40, 9);
    expect(ofSlices(30)).toBeUndefined();
  });
});
