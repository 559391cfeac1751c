import { expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { mprSliceOf, pixelOf } from "../../src/render/mpr/mpr_slice.js";
import { anteriorCamera } from "../../src/render/state/camera.js";
import { defaultViewState } from "../../src/render/state/view_state.js";
import { probeMpr, probeRay } from "../../src/render/view/probe.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [nx, ny, nz] = [31, 26, 20];
const grid: Grid = { ...gridOf([nx, ny, nz], [0.8, 0.9, 2]), originMm: [-30, 12, -400] };
const size = { widthPx: 120, heightPx: 90 };
const at = (x: number, y: number, z: number) => x + nx * (y + ny * z);

function noise(): Int16Array {
  const next = random(21);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 2000 - 1000));
}

test("a slice: the voxel at the pixel, all over a picture", async () => {
  const voxels = noise();
  const volume = await uploadVolume(await engine(), grid, voxels);
  for (const plane of ["axial", "coronal", "sagittal"] as const) {
    const mpr = { ...defaultViewState.mpr, plane, pointMm: positionMm(grid, [15, 13, 9]), zoom: 1.2 };
    const slice = mprSliceOf(grid, mpr, size.widthPx, size.heightPx);
    // The middle, and two that lie in the plane with it.
    const inPlane: Readonly<Record<string, readonly Vec3[]>> = {
      axial: [
        [15, 13, 9],
        [10, 13, 9],
        [15, 8, 9],
      ],
      coronal: [
        [15, 13, 9],
        [10, 13, 9],
        [15, 13, 6],
      ],
      sagittal: [
        [15, 13, 9],
        [15, 8, 9],
        [15, 13, 6],
      ],
    };
    for (const voxel of inPlane[plane]) {
      const { xPx, yPx, behindMm } = pixelOf(slice, positionMm(grid, voxel));
      expect(behindMm).toBeCloseTo(0, 9);
      const probe = await probeMpr(volume, slice, mpr, xPx, yPx);
      expect(probe).toMatchObject({ voxel, hu: voxels[at(voxel[0], voxel[1], voxel[2])] });
    }
  }
  const whole = mprSliceOf(
    grid,
    { ...defaultViewState.mpr, pointMm: [0, 0, 0] },
    size.widthPx,
    size.heightPx,
  );
  expect(await probeMpr(volume, whole, defaultViewState.mpr, 5, 5)).toBeUndefined();
  volume.destroy();
});

test("a slab: the least, and the mean of what it passes", async () => {
  const voxels = noise();
  const volume = await uploadVolume(await engine(), grid, voxels);
  const base = { ...defaultViewState.mpr, pointMm: positionMm(grid, [15, 13, 9]), slabMm: 8 };
  const slice = mprSliceOf(grid, base, size.widthPx, size.heightPx);
  const { xPx, yPx } = pixelOf(slice, positionMm(grid, [12, 7, 9]));
  const passed = [7, 8, 9, 10, 11].map((z) => voxels[at(12, 7, z)]);
  const least = await probeMpr(volume, slice, { ...base, slabKind: "minimum" }, xPx, yPx);
  expect(least?.hu).toBe(Math.min(...passed));
  expect(least?.voxel).toEqual([12, 7, 7 + passed.indexOf(Math.min(...passed))]);
  const mean = await probeMpr(volume, slice, { ...base, slabKind: "average" }, xPx, yPx);
  expect(mean?.voxel).toEqual([12, 7, 9]);
  expect(mean?.hu).toBeGreaterThan(Math.min(...passed));
  expect(mean?.hu).toBeLessThan(Math.max(...passed));
  volume.destroy();
});

test("a projection: the greatest voxel on the ray, and where it lies", async () => {
  const voxels = new Int16Array(nx * ny * nz).fill(-900);
  const bright: Vec3 = [22, 6, 14];
  voxels[at(bright[0], bright[1], bright[2])] = 1234;
  const volume = await uploadVolume(await engine(), grid, voxels);
  // From the front: x to the right, z up, each from the middle of the volume.
  const mm = Math.max(nx * 0.8, ny * 0.9, nz * 2) / (0.9 * size.heightPx);
  const xPx = size.widthPx / 2 + ((bright[0] - (nx - 1) / 2) * 0.8) / mm;
  const yPx = size.heightPx / 2 - ((bright[2] - (nz - 1) / 2) * 2) / mm;
  const probe = await probeRay(volume, anteriorCamera, size, xPx, yPx);
  expect(probe).toMatchObject({ hu: 1234, voxel: bright });
  expect(Math.abs((probe?.positionMm[1] ?? 0) - positionMm(grid, bright)[1])).toBeLessThanOrEqual(0.45);
  expect((await probeRay(volume, anteriorCamera, size, xPx + 10, yPx))?.hu).toBe(-900);
  expect(await probeRay(volume, anteriorCamera, size, 1, 1)).toBeUndefined();
  volume.destroy();
});
