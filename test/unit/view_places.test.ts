import { expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { pointAtSlice, sliceIndex } from "../../src/render/mpr/slice_index.js";
import { anteriorCamera, type Camera, cameraAxes } from "../../src/render/state/camera.js";
import { pixelOfCamera, slabThrough } from "../../src/render/state/camera_point.js";
import { centerMm, combine } from "../../src/render/state/plane.js";

/** Feet first and flipped along x, so that no index runs as its LPS axis does. */
const grid: Grid = {
  size: [20, 30, 11],
  spacingMm: [1.5, 0.5, 3],
  originMm: [40, -10, 100],
  direction: [-1, 0, 0, 0, 1, 0, 0, 0, -1],
};

test("a cut's place is the voxel's, counted from the viewer, and a point moves to it and back", () => {
  const pointMm = positionMm(grid, [4, 7, 2]);
  expect(sliceIndex(grid, { plane: "axial", pointMm })).toEqual({ index: 8, count: 11 });
  expect(sliceIndex(grid, { plane: "coronal", pointMm })).toEqual({ index: 7, count: 30 });
  expect(sliceIndex(grid, { plane: "sagittal", pointMm })).toEqual({ index: 4, count: 20 });
  for (const plane of ["axial", "coronal", "sagittal"] as const) {
    const moved = pointAtSlice(grid, { plane, pointMm }, 3);
    expect(sliceIndex(grid, { plane, pointMm: moved }).index).toBeCloseTo(3, 9);
  }
  expect(pointAtSlice(grid, { plane: "axial", pointMm }, 10)).toEqual([...pointMm.slice(0, 2), 100]);
});

test("a camera sees its middle in the middle, farther points nearer to it, and none behind the eye", () => {
  const camera: Camera = { ...anteriorCamera, azimuthDeg: 30, elevationDeg: 20, panMm: [2, -3] };
  const { right, up, forward } = cameraAxes(camera);
  const at = (x: number, y: number, z: number): Vec3 =>
    combine([1, x, y, z], [centerMm(grid), right, up, forward]);
  const seen = (of: Camera, mm: Vec3) => pixelOfCamera(of, grid, 90, 60, mm);
  // The longest edge, 33 mm, is 54 pixels.
  const pxPerMm = 54 / 33;
  expect(seen(camera, at(2, -3, 9))).toEqual({ xPx: expect.closeTo(45, 6), yPx: expect.closeTo(30, 6) });
  const parallel = seen(camera, at(7, -1, 9));
  expect(parallel?.xPx).toBeCloseTo(45 + 5 * pxPerMm, 6);
  expect(parallel?.yPx).toBeCloseTo(30 - 2 * pxPerMm, 6);

  const perspective: Camera = { ...camera, perspectiveDeg: 60 };
  const eyeMm = 30 / pxPerMm / Math.tan(Math.PI / 6);
  expect(seen(perspective, at(7, -1, 0))?.xPx).toBeCloseTo(45 + 5 * pxPerMm, 6);
  expect(seen(perspective, at(7, -1, eyeMm))?.xPx).toBeCloseTo(45 + 2.5 * pxPerMm, 6);
  expect(seen(perspective, at(7, -1, -eyeMm - 1))).toBeUndefined();
});

test("a slab through a point lies as deep as the point", () => {
  const camera: Camera = { ...anteriorCamera, azimuthDeg: 90 };
  const mm = combine([1, 1], [centerMm(grid), [4, 1, 2]]);
  const { centerMm: depth, thicknessMm } = slabThrough(grid, camera, mm, 20);
  // From the patient's left, what lies to the left is nearer.
  expect(depth).toBeCloseTo(-4, 9);
  expect(thicknessMm).toBe(20);
});
