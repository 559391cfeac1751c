import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { centerMm, extentMm } from "../../src/render/state/plane.js";
import { sliceRuns } from "../../src/render/texture/downsample/slice_runs.js";
import {
  coarser,
  coveredBy,
  coveringOf,
  leastFactors,
  ratiosOf,
  texelGrid,
} from "../../src/render/texture/downsample/texel_grid.js";

describe("factors", () => {
  test.each<[Vec3, number, Vec3]>([
    [[2048, 2048, 2048], 2048, [1, 1, 1]],
    [[2049, 1, 2100], 2048, [2, 1, 2]],
    [[512, 512, 6145], 2048, [1, 1, 4]],
  ])("of %j voxels in textures of %d", (size, most, factors) => {
    expect(leastFactors(size, most)).toEqual(factors);
  });

  test("are doubled along what is long", () => {
    expect(coarser([512, 512, 600], [1, 1, 1])).toEqual([2, 2, 2]);
    expect(coarser([512, 512, 1100], [1, 1, 1])).toEqual([1, 1, 2]);
    expect(coarser([512, 512, 4096], [1, 1, 2])).toEqual([1, 1, 4]);
    expect(coarser([1, 1, 1], [1, 1, 1])).toEqual([1, 1, 1]);
  });
});

const leaning: Grid = {
  size: [33, 24, 19],
  spacingMm: [0.7, 0.9, 2],
  originMm: [-20, 15, -300],
  direction: [1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8],
};

test.each<Vec3>([
  [1, 1, 1],
  [2, 3, 4],
  [5, 1, 19],
])("a grid coarser by %d, %d, %d has the volume's faces, whether they divide or not", (...factors) => {
  const coarse = texelGrid(leaning, factors);
  expect(coarse.size).toEqual(leaning.size.map((count, axis) => Math.ceil(count / factors[axis])));
  const corner = (grid: Grid, at: (axis: number) => number) => {
    const [x, y, z] = [0, 1, 2].map(at);
    return positionMm(grid, [x, y, z]);
  };
  const expectNear = (got: Vec3, wanted: Vec3) =>
    got.forEach((mm, axis) => {
      expect(mm).toBeCloseTo(wanted[axis], 9);
    });
  expectNear(
    corner(coarse, () => -0.5),
    corner(leaning, () => -0.5),
  );
  expectNear(
    corner(coarse, (axis) => coarse.size[axis] - 0.5),
    corner(leaning, (axis) => leaning.size[axis] - 0.5),
  );
  expectNear(centerMm(coarse), centerMm(leaning));
  expect(extentMm(coarse, [0.6, 0, 0.8])).toBeCloseTo(extentMm(leaning, [0.6, 0, 0.8]), 9);
});

test("what covers and what is covered: all of an axis, shared where a factor does not divide it", () => {
  const [, , ratio] = ratiosOf([1, 1, 7], [1, 1, 3]);
  expect(ratio).toEqual({ voxels: 7, texels: 3 });
  expect([0, 1, 2].map((k) => coveredBy(ratio, k, k + 1))).toEqual([
    [0, 3],
    [2, 5],
    [4, 7],
  ]);
  expect([0, 2, 3, 4, 6].map((z) => coveringOf(ratio, z, z + 1))).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  expect(ratiosOf([8, 9, 10], [4, 3, 10])).toEqual([
    { voxels: 2, texels: 1 },
    { voxels: 3, texels: 1 },
    { voxels: 1, texels: 1 },
  ]);
});

describe("slices that arrive", () => {
  const ratio = { voxels: 2, texels: 1 };
  const there = (...slices: number[]) =>
    Uint8Array.from({ length: 16 }, (_, z) => (slices.includes(z) ? 1 : 0));

  test("one stands in for its eight, as copies of one", () => {
    expect(sliceRuns(ratio, there(4), 0, 8, 4)).toEqual([{ to0: 0, to1: 4, first: 4, end: 5, from: 2 }]);
  });

  test("whole ones are means, made together; a half one is of what is there", () => {
    expect(sliceRuns(ratio, there(4, 5, 6, 7, 8), 4, 9)).toEqual([
      { to0: 2, to1: 4, first: 4, end: 8 },
      { to0: 4, to1: 5, first: 8, end: 9, from: 4 },
    ]);
  });

  test("a slice that stands in leaves those alone that have their own", () => {
    expect(sliceRuns(ratio, there(4, 8, 9), 6, 12, 4)).toEqual([
      { to0: 3, to1: 4, first: 4, end: 5, from: 2 },
      { to0: 4, to1: 5, first: 8, end: 10 },
      { to0: 5, to1: 6, first: 4, end: 5, from: 2 },
    ]);
  });

  test("of parted ones the longest run counts", () => {
    const eight = { voxels: 8, texels: 1 };
    expect(sliceRuns(eight, there(0, 2, 3, 4, 6), 6, 7)).toEqual([
      { to0: 0, to1: 1, first: 2, end: 5, from: 0 },
    ]);
  });
});
