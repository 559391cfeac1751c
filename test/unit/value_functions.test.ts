import { expect, test } from "vitest";
import { binHistogram, percentileHu, statisticsOf } from "../../src/ops/value/statistics.js";
import { roundHalfAway } from "../../src/ops/value/value_round.js";
import { byteTable, huTable } from "../../src/ops/value/value_table.js";
import { voiFunction } from "../../src/ops/value/voi_function.js";
import { windowFunction } from "../../src/ops/value/window_slabs.js";

// The worked examples of PS3.3 C.11.2.1.2.1, with ymin 0 and ymax 1.
test("LINEAR gives the standard's examples", () => {
  const wide = voiFunction({ centerHu: 2048, widthHu: 4096 });
  expect([wide(-1), wide(0), wide(4095), wide(4096)]).toEqual([0, 0, 1, 1]);
  expect(wide(1000)).toBe((1000 - 2047.5) / 4095 + 0.5);
  const step = voiFunction({ centerHu: 2048, widthHu: 1 });
  expect([step(2047), step(2048)]).toEqual([0, 1]);
  const narrow = voiFunction({ centerHu: 0, widthHu: 100 });
  expect([narrow(-50), narrow(49), narrow(50)]).toEqual([0, 1, 1]);
  expect(narrow(-49)).toBeCloseTo(1 / 99, 15);
});

test("LINEAR_EXACT spans its width, SIGMOID is half at its center and symmetric", () => {
  const exact = voiFunction({ voiFunction: "LINEAR_EXACT", centerHu: 50, widthHu: 100 });
  expect([exact(0), exact(25), exact(50), exact(100), exact(101)]).toEqual([0, 0.25, 0.5, 1, 1]);
  const sigmoid = voiFunction({ voiFunction: "SIGMOID", centerHu: 40, widthHu: 400 });
  expect(sigmoid(40)).toBe(0.5);
  expect(sigmoid(140)).toBe(1 / (1 + Math.exp(-1)));
  expect(sigmoid(-32768)).toBeLessThan(1e-100);
  expect(sigmoid(140) + sigmoid(-60)).toBeCloseTo(1, 15);
});

test("halves round away from zero, and nothing else rounds as if it were one", () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5].map(roundHalfAway)).toEqual([1, 2, 3, -1, -2, -3]);
  expect([0.49999999999999994, -0.49999999999999994].map((value) => roundHalfAway(value) + 0)).toEqual([
    0, 0,
  ]);
  expect(huTable((hu) => hu / 2).slice(32765, 32772)).toEqual(Int16Array.of(-2, -1, -1, 0, 1, 1, 2));
  expect([...huTable((hu) => hu * 2)].at(-1)).toBe(32767);
  expect([...byteTable((hu) => hu / 510)].slice(32767, 32771)).toEqual([0, 0, 1, 1]);
  expect([...byteTable((hu) => hu / 510)].slice(32768 + 508, 32768 + 512)).toEqual([254, 255, 255, 255]);
});

test("a window spans HU: none of no width, and none turned over", () => {
  expect(windowFunction({ lowHu: 10, highHu: 10.5 })(10.25)).toBe(0.5);
  for (const highHu of [10, 9.9, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => windowFunction({ lowHu: 10, highHu })).toThrow(
      `a window needs low < high, got 10,${highHu}`,
    );
});

function countsOf(values: readonly (readonly [hu: number, count: number])[]) {
  const counts = new Uint32Array(65536);
  for (const [hu, count] of values) counts[hu + 32768] = count;
  return { counts, voxels: values.reduce((sum, [, count]) => sum + count, 0) };
}

test("sums beyond 53 bits stay exact", () => {
  // Half of the most voxels there may be at either end: the squares sum to 2^62, and cancel but for one part
  // in 2^31.
  const many = countsOf([
    [-32768, 2 ** 31 - 1],
    [-32767, 2 ** 31 - 1],
  ]);
  const { meanHu, deviationHu } = statisticsOf(many);
  expect(meanHu).toBe(-32767.5);
  expect(deviationHu).toBe(0.5);
});

test("percentiles between and on voxels", () => {
  const five = countsOf([
    [-1000, 1],
    [0, 2],
    [50, 1],
    [300, 1],
  ]);
  expect([0, 25, 50, 75, 100].map((p) => percentileHu(five, { percent: p }))).toEqual([-1000, 0, 0, 50, 300]);
  expect(percentileHu(five, { percent: 90 })).toBeCloseTo(200, 10);
  expect(
    [0, 20, 20.1, 60, 80, 81, 100].map((p) => percentileHu(five, { percent: p, method: "nearest-rank" })),
  ).toEqual([-1000, -1000, 0, 0, 50, 300, 300]);
  // 55 % of 100 is 55.000000000000007 when 55 is divided first.
  const hundred = countsOf(Array.from({ length: 100 }, (_, i) => [i, 1] as const));
  expect(percentileHu(hundred, { percent: 55, method: "nearest-rank" })).toBe(54);
});

test("of nothing, nothing is known", () => {
  const none = countsOf([]);
  const { voxels, ...hu } = statisticsOf(none);
  expect(voxels).toBe(0);
  expect(Object.values(hu)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  expect(percentileHu(none, { percent: 50 })).toBeNaN();
  expect(percentileHu(none, { percent: 50, method: "nearest-rank" })).toBeNaN();
});

test("bins take each HU once, and what lies outside is told", () => {
  const five = countsOf([
    [-1025, 7],
    [-1024, 1],
    [-961, 2],
    [-960, 4],
    [0, 8],
  ]);
  expect(binHistogram(five, { fromHu: -1024, binHu: 64, bins: 2 })).toMatchObject({
    counts: Uint32Array.of(3, 4),
    below: 7,
    above: 8,
  });
  for (const bad of [{ binHu: 0 }, { bins: 0 }, { bins: 1.5 }, { fromHu: Number.NaN }]) {
    expect(() => binHistogram(five, { fromHu: 0, binHu: 1, bins: 1, ...bad })).toThrow(/binHistogram: /);
  }
  expect(() => percentileHu(five, { percent: 101 })).toThrow(/0 to 100/);
});
