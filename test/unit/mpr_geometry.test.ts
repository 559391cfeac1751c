import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { mprSliceOf, pixelOf, positionAt } from "../../src/render/mpr/mpr_slice.js";
import {
  dot,
  extentMm,
  indexOf,
  type MprPlane,
  planeAxes,
  voxelAt,
  voxelStepMm,
} from "../../src/render/state/plane.js";

/** Slices that lie obliquely in the patient, far from the origin. */
const c = Math.cos(0.4);
const s = Math.sin(0.4);
const tilted: Grid = {
  size: [50, 40, 30],
  spacingMm: [0.8, 0.9, 2.5],
  originMm: [-120, 35, -900],
  direction: [1, 0, 0, 0, c, -s, 0, s, c],
};
const upright: Grid = { ...tilted, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };

const planes: [string, MprPlane][] = [
  ["axial", "axial"],
  ["coronal", "coronal"],
  ["sagittal", "sagittal"],
  ["oblique", { right: [1, 1, 0], down: [0, 0.2, -1] }],
];

describe("planes", () => {
  test.each(planes)("%s axes are a right-handed orthonormal frame", (_, plane) => {
    const { right, down, normal } = planeAxes(plane);
    for (const axis of [right, down, normal]) expect(dot(axis, axis)).toBeCloseTo(1, 12);
    expect(dot(right, down)).toBeCloseTo(0, 12);
    expect(right[0] * down[1] - right[1] * down[0]).toBeCloseTo(normal[2], 12);
    expect(right[1] * down[2] - right[2] * down[1]).toBeCloseTo(normal[0], 12);
  });

  test("refuses what spans none", () => {
    for (const plane of [
      { right: [1, 0, 0], down: [2, 0, 0] },
      { right: [0, 0, 0], down: [0, 1, 0] },
      { right: [1, 0, Number.NaN], down: [0, 1, 0] },
      "transverse",
    ]) {
      expect(() => planeAxes(plane as MprPlane)).toThrowError(
        expect.objectContaining({ code: "invalid-option" }),
      );
    }
  });
});

describe("a slice as a picture", () => {
  for (const [gridName, grid] of [
    ["upright", upright],
    ["tilted", tilted],
  ] as const) {
    test.each(planes)(`pixel to LPS and back, %s of a ${gridName} volume`, (_, plane) => {
      const state = { plane, pointMm: [-100, 55, -860] as Vec3, zoom: 1.7, panMm: [12, -7] as const };
      const slice = mprSliceOf(grid, state, 320, 200);
      for (const [x, y] of [
        [0.5, 0.5],
        [160, 100],
        [301.25, 17.75],
      ]) {
        const mm = positionAt(slice, x, y);
        const back = pixelOf(slice, mm);
        expect(back.xPx).toBeCloseTo(x, 8);
        expect(back.yPx).toBeCloseTo(y, 8);
        expect(back.behindMm).toBeCloseTo(0, 9);
        // The plane holds the point that it was slice through.
        expect(dot(slice.axes.normal, mm)).toBeCloseTo(dot(slice.axes.normal, state.pointMm), 9);
      }
      expect(pixelOf(slice, state.pointMm).behindMm).toBeCloseTo(0, 9);
    });
  }

  test("is read as radiologists do: the patient's right at the left, the front or the head up", () => {
    const state = { pointMm: [-100, 55, -860] as Vec3, zoom: 1, panMm: [0, 0] as const };
    const seen = (plane: MprPlane, mm: Vec3) =>
      pixelOf(mprSliceOf(upright, { ...state, plane }, 100, 100), mm);
    const near = seen("axial", state.pointMm);
    expect(seen("axial", [-90, 55, -860]).xPx).toBeGreaterThan(near.xPx);
    expect(seen("axial", [-100, 65, -860]).yPx).toBeGreaterThan(near.yPx);
    expect(seen("axial", [-100, 55, -850]).behindMm).toBeCloseTo(10, 9);
    expect(seen("coronal", [-100, 55, -850]).yPx).toBeLessThan(seen("coronal", state.pointMm).yPx);
    expect(seen("coronal", [-90, 55, -860]).xPx).toBeGreaterThan(seen("coronal", state.pointMm).xPx);
    expect(seen("sagittal", [-100, 65, -860]).xPx).toBeGreaterThan(seen("sagittal", state.pointMm).xPx);
    expect(seen("sagittal", [-90, 55, -860]).behindMm).toBeCloseTo(-10, 9);
  });

  test("shows all of a volume at zoom 1, a voxel a pixel in a picture of its size", () => {
    const grid: Grid = { ...upright, size: [60, 60, 30], spacingMm: [0.75, 0.75, 2] };
    const state = { plane: "axial", pointMm: positionMm(grid, [0, 0, 7]), zoom: 1, panMm: [0, 0] } as const;
    const slice = mprSliceOf(grid, state, 60, 60);
    expect(slice.mmPerPixel).toBeCloseTo(0.75, 12);
    const index = indexOf(grid, positionAt(slice, 12.5, 30.5));
    expect(index[0]).toBeCloseTo(12, 9);
    expect(index[1]).toBeCloseTo(30, 9);
    expect(index[2]).toBeCloseTo(7, 9);
    const coronal = mprSliceOf(grid, { ...state, plane: "coronal" }, 300, 100);
    expect(coronal.mmPerPixel).toBeCloseTo(0.6, 12);
  });
});

test("extents and steps of a tilted volume", () => {
  expect(extentMm(upright, [0, 0, 1])).toBeCloseTo(75, 9);
  expect(extentMm(tilted, [0, 0, 1])).toBeCloseTo(36 * s + 75 * c, 9);
  expect(voxelStepMm(upright, [0, 0, 1])).toBeCloseTo(2.5, 12);
  expect(voxelStepMm(upright, [Math.SQRT1_2, Math.SQRT1_2, 0])).toBeCloseTo(0.8 * Math.SQRT2, 12);
});

test("the voxel at a position, and none beside the volume", () => {
  const mm = positionMm(tilted, [3, 4, 5]);
  expect(voxelAt(tilted, mm)).toEqual([3, 4, 5]);
  expect(voxelAt(tilted, positionMm(tilted, [-0.6, 4, 5]))).toBeUndefined();
  expect(voxelAt(tilted, positionMm(tilted, [49.4, 0, 0]))).toEqual([49, 0, 0]);
  expect(voxelAt(tilted, positionMm(tilted, [49.6, 0, 0]))).toBeUndefined();
  expect(voxelAt(tilted, positionMm(tilted, [0, 39.4, 29.4]))).toEqual([0, 39, 29]);
  expect(voxelAt(tilted, positionMm(tilted, [0, 39.6, 0]))).toBeUndefined();
  expect(voxelAt(tilted, positionMm(tilted, [0, 0, 29.6]))).toBeUndefined();
});
