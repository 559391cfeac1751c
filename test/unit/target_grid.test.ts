import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { axisMaps, indexMap, isWhole } from "../../src/ops/resample/resample_map.js";
import { tapTable } from "../../src/ops/resample/resample_taps.js";
import { cornerGrid, edgeGrid, originGrid, sizedGrid } from "../../src/ops/resample/target_grid.js";
import { largestDifference, patientGrid, turnedGrid } from "../support/resampling.js";

const turned: Grid = { ...patientGrid, direction: turnedGrid([1, 1, 1], 1).direction };
const corner = ({ size }: Grid, beyond: number): Vec3 => [
  size[0] - 1 + beyond,
  size[1] - 1 + beyond,
  size[2] - 1 + beyond,
];

describe.each([
  ["straight", patientGrid],
  ["turned", turned],
])("grids of a %s volume", (_, source) => {
  test.each([0.3, 0.7, 1, 2.9])("at %f mm keep what they promise", (mm) => {
    const spacing: Vec3 = [mm, mm, mm];
    const origin = originGrid(source, spacing);
    expect(origin.originMm).toEqual(source.originMm);
    expect(origin.spacingMm).toEqual(spacing);
    const edge = edgeGrid(source, spacing);
    for (const [of, to] of [
      [0, 0],
      [1, 1],
    ]) {
      const end = (grid: Grid) => (of + to ? corner(grid, 0.5) : ([-0.5, -0.5, -0.5] as Vec3));
      expect(largestDifference(positionMm(edge, end(edge)), positionMm(source, end(source)))).toBeLessThan(
        1e-9,
      );
    }
    const centers = cornerGrid(source, spacing);
    if (Math.min(...centers.size) > 1) {
      expect(
        largestDifference(positionMm(centers, corner(centers, 0)), positionMm(source, corner(source, 0))),
      ).toBeLessThan(1e-9);
    }
    expect(centers.originMm).toEqual(source.originMm);
    expect(centers.size).toEqual(edge.size);
    expect([origin, edge, centers].map(({ direction }) => direction)).toEqual([
      source.direction,
      source.direction,
      source.direction,
    ]);
  });
});

test("sizes round halves to even, as Python does", () => {
  const of = (count: number): Grid => ({
    ...patientGrid,
    size: [count, count, count],
    spacingMm: [0.5, 0.5, 0.5],
  });
  expect([1, 3, 5, 7].map((count) => edgeGrid(of(count), [1, 1, 1]).size[0])).toEqual([1, 2, 2, 4]);
});

test("a grid aligned by origin holds a sample that decimal fractions put on the last voxel, and none behind it", () => {
  const source: Grid = { ...patientGrid, size: [4, 4, 4], spacingMm: [0.7, 0.7, 0.7] };
  // 3 * 0.7 is 2.0999999999999996.
  expect(originGrid(source, [2.1, 2.1, 2.1]).size).toEqual([2, 2, 2]);
  expect(originGrid(source, [2.1 + 1e-8, 2.1 + 1e-8, 2.1 + 1e-8]).size).toEqual([1, 1, 1]);
});

test("a grid of one voxel aligned by corners stays one voxel", () => {
  const one: Grid = { ...patientGrid, size: [1, 4, 4] };
  expect(cornerGrid(one, [0.1, 0.8, 2.5])).toMatchObject({ size: [1, 4, 4], spacingMm: [0.7, 0.8, 2.5] });
  expect(() => sizedGrid(one, [2, 4, 4], "corners")).toThrow(/size with align "corners"/);
});

test("what is turned is told from what is straight, whatever the direction", () => {
  const fine = originGrid(turned, [0.35, 0.35, 0.35]);
  const maps = axisMaps(indexMap(turned, fine), fine.size);
  expect(maps?.map(({ sourceAxis }) => sourceAxis)).toEqual([0, 1, 2]);
  expect(largestDifference(maps?.map(({ scale }) => scale) ?? [], [0.5, 0.35 / 0.8, 0.14])).toBeLessThan(
    1e-12,
  );
  expect(axisMaps(indexMap(patientGrid, fine), fine.size)).toBeUndefined();
  const same = axisMaps(indexMap(turned, turned), turned.size);
  expect(same && isWhole(same)).toBe(true);
});

describe.each(["linear", "catmull-rom", "b-spline", "lanczos3"] as const)("taps of %s", (kernel) => {
  test.each([
    [1, 1, 1, 0],
    [1, 5, 0.2, -0.4],
    [2, 7, 0.25, -0.375],
    [9, 4, 2.25, 0.625],
    [300, 7, 43.1, 0],
    [20, 60, -0.5, 25],
  ])("of %i voxels for %i outputs lie inside and sum to 1", (length, count, scale, offset) => {
    const { taps, first, weights } = tapTable(
      { kernel, antialias: true, border: "clamp" },
      { sourceAxis: 0, scale, offset },
      length,
      count,
    );
    expect(taps).toBeLessThanOrEqual(length);
    for (let i = 0; i < count; i++) {
      expect(first[i] + taps).toBeLessThanOrEqual(length);
      const sum = weights.subarray(i * taps, (i + 1) * taps).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
    }
  });

  test("beyond a constant border weigh nothing, at half a voxel all", () => {
    const table = tapTable(
      { kernel, antialias: true, border: { constantHu: 5 } },
      { sourceAxis: 0, scale: 0.25, offset: -0.75 },
      4,
      20,
    );
    const sums = Array.from({ length: 20 }, (_, i) =>
      Math.round(table.weights.subarray(i * table.taps, (i + 1) * table.taps).reduce((a, b) => a + b)),
    );
    // Positions from -0.75 in steps of 0.25: inside from -0.5 to 3.5.
    expect(sums).toEqual([0, ...new Array(17).fill(1), 0, 0]);
  });
});

// 1,048,576 source voxels along an axis: a grid may lie anywhere, but what it averages must end.
test.each([
  [2 ** 20, undefined],
  [2 ** 20 + 1, "invalid-option"],
])("a target of one voxel that spans %i of the source's", (scale, code) => {
  const filter = { kernel: "linear", antialias: true, border: "clamp" } as const;
  let refused: unknown;
  try {
    expect(tapTable(filter, { sourceAxis: 0, scale, offset: 0 }, 3, 1).taps).toBe(3);
  } catch (error) {
    refused = Reflect.get(error as object, "code");
  }
  expect(refused).toBe(code);
});

test("a position of what is no number is refused by name", () => {
  expect(() => positionMm(patientGrid, [1, 2, 3n as unknown as number])).toThrow(/index/);
  const direction = patientGrid.direction.with(1, "0" as unknown as number);
  expect(() => positionMm({ ...patientGrid, direction }, [1, 2, 3])).toThrow(/grid is/);
});
