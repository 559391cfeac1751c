import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { restStepMm } from "../../src/render/rays/rays.js";
import { changeState, defaultViewState } from "../../src/render/state/view_state.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { rayCast } from "../reference/ray_cast.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

const [sin33, cos33] = [Math.sin((33 * Math.PI) / 180), Math.cos((33 * Math.PI) / 180)];

/**
 * An odd width, unequal spacings, and rows that lie obliquely in the patient, at an angle where no ray runs
 * along a face.
 */
const oblique: Grid = {
  size: [33, 24, 18],
  spacingMm: [0.7, 0.9, 2],
  originMm: [-20, 15, -300],
  direction: [cos33, -sin33, 0, sin33, cos33, 0, 0, 0, 1],
};

/**
 * Smooth blobs over air with noise: what linear interpolation is for, and something to see from every side.
 */
function blobs(grid: Grid, seed: number): Int16Array {
  const [nx, ny, nz] = grid.size;
  const next = random(seed);
  const centers = Array.from({ length: 6 }, () => [
    next() * nx,
    next() * ny,
    next() * nz,
    200 + next() * 1200,
  ]);
  return Int16Array.from({ length: nx * ny * nz }, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const hu = centers.reduce(
      (sum, [cx, cy, cz, peak]) =>
        sum + peak * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) / 18),
      -1000,
    );
    return Math.round(hu + 40 * next());
  });
}

const views = [
  { name: "from the front", azimuthDeg: 0, elevationDeg: 0, zoom: 1, panMm: [0, 0] },
  { name: "from the left, above", azimuthDeg: 70, elevationDeg: 35, zoom: 1, panMm: [0, 0] },
  { name: "from the head", azimuthDeg: 0, elevationDeg: 90, zoom: 1, panMm: [0, 0] },
  { name: "near, moved", azimuthDeg: 200, elevationDeg: -20, zoom: 2.5, panMm: [4, -3] },
] as const;

describe("MIP equals a plain ray rayPass within a gray level", () => {
  for (const { name, ...camera } of views) {
    test(name, async () => {
      const grid = oblique;
      const voxels = blobs(grid, 5);
      const volume = await uploadVolume(await engine(), grid, voxels);
      const size = { width: 57, height: 40 };
      const window = { centerHu: 0, widthHu: 2000 };
      const pixels = await renderToPixels(volume, { window, camera }, size);
      volume.destroy();
      const state = changeState(defaultViewState, { window, camera });
      const scene = { grid, voxels, stepMm: restStepMm(grid) };
      const expected = rayCast(scene, state, size.width, size.height).map(([gray]) => gray);
      const differences = expected.map((gray, i) => Math.abs(gray - pixels[i * 4]));
      const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
      const shown = expected.filter((gray) => gray > 20).length;
      expect(shown).toBeGreaterThan(200);
      // Half a level of rounding, and 0.1 for f32 positions.
      expect(Math.max(...differences)).toBeLessThan(0.6);
      expect(mean).toBeLessThan(0.3);
    });
  }
});

describe("the half-float texture", () => {
  test("holds -1024..3071 HU exactly, at an odd width", async () => {
    const grid = gridOf([65, 63, 1]);
    const voxels = Int16Array.from({ length: 65 * 63 }, (_, i) => i - 1024);
    const volume = await uploadVolume(await engine(), grid, voxels);
    const pictures: Record<string, Uint8Array[]> = { r16float: [], r32float: [] };
    for (const format of ["r16float", "r32float"] as const) {
      const display = await createDisplayTexture(volume, { format });
      // From the head, a pixel a voxel; windows in which 1 HU is a level.
      const camera = { elevationDeg: 90, zoom: 1 / 0.9 };
      for (let centerHu = -896.5; centerHu < 3072; centerHu += 256) {
        const change = { window: { centerHu, widthHu: 255 }, camera };
        pictures[format].push(await renderToPixels(volume, change, { width: 65, height: 65, display }));
      }
      display.destroy();
    }
    volume.destroy();
    expect(pictures.r16float).toHaveLength(16);
    expect(pictures.r16float).toEqual(pictures.r32float);
    // Each window shows its 256 values as 256 grays: nothing was lost before the comparison.
    for (const picture of pictures.r16float)
      expect(new Set(picture.filter((_, i) => i % 4 === 0)).size).toBeGreaterThan(254);
  });

  test("gives the same picture as whole floats within a gray level", async () => {
    const volume = await uploadVolume(await engine(), oblique, blobs(oblique, 6));
    const pictures: Uint8Array[] = [];
    for (const format of ["r16float", "r32float"] as const) {
      const display = await createDisplayTexture(volume, { format });
      const change = { window: { centerHu: 0, widthHu: 2000 }, camera: { azimuthDeg: 40, elevationDeg: 20 } };
      pictures.push(await renderToPixels(volume, change, { width: 64, height: 64, display }));
      display.destroy();
    }
    volume.destroy();
    expect(Math.max(...pictures[0].map((value, i) => Math.abs(value - pictures[1][i])))).toBeLessThanOrEqual(
      1,
    );
  });
});

/**
 * A dark box with one bright ball, and where the ball is seen: fractions of the picture from its top left.
 */
async function seenAt(ball: readonly [number, number, number], camera: object): Promise<[number, number]> {
  const grid = gridOf([40, 40, 20], [1, 1, 2]);
  const voxels = Int16Array.from({ length: 40 * 40 * 20 }, (_, i) => {
    const at = [i % 40, Math.floor(i / 40) % 40, Math.floor(i / 1600)];
    return Math.hypot(at[0] - ball[0], at[1] - ball[1], 2 * (at[2] - ball[2])) < 3 ? 1000 : -1000;
  });
  const volume = await uploadVolume(await engine(), grid, voxels);
  const pixels = await renderToPixels(volume, { window: "bone", camera }, { width: 64, height: 64 });
  volume.destroy();
  let [x, y, mass] = [0, 0, 0];
  for (let i = 0; i < 64 * 64; i++) {
    x += pixels[i * 4] * (i % 64);
    y += pixels[i * 4] * Math.floor(i / 64);
    mass += pixels[i * 4];
  }
  return [(x / mass + 0.5) / 64, (y / mass + 0.5) / 64];
}

describe("a view is read as radiographs are (LPS: x to the patient's left, y to the back, z to the head)", () => {
  // Three quarters of the way to the left, the back, or the head; in the picture a little nearer to the
  // middle.
  test("from the front: the patient's left is at the picture's right, the head up", async () => {
    const [x, y] = await seenAt([29.5, 10, 14.5], { azimuthDeg: 0 });
    expect(x).toBeCloseTo(0.725, 1);
    expect(y).toBeCloseTo(0.275, 1);
  });

  test("from the left: the back is at the picture's right", async () => {
    const [x] = await seenAt([10, 29.5, 10], { azimuthDeg: 90 });
    expect(x).toBeCloseTo(0.725, 1);
  });

  test("from the head: the left at the right, the front down", async () => {
    const [x, y] = await seenAt([29.5, 10, 10], { elevationDeg: 90 });
    expect(x).toBeCloseTo(0.725, 1);
    expect(y).toBeCloseTo(0.725, 1);
  });
});

test("rays beside the volume show the background, and alpha is whole", async () => {
  const grid = gridOf([8, 8, 4]);
  const volume = await uploadVolume(await engine(), grid, new Int16Array(256).fill(3000));
  const pixels = await renderToPixels(
    volume,
    { window: "full", background: [0.2, 0.4, 0.6] },
    { width: 16, height: 16 },
  );
  volume.destroy();
  expect([...pixels.subarray(0, 4)]).toEqual([51, 102, 153, 255]);
  const middle = 4 * (8 * 16 + 8);
  expect([...pixels.subarray(middle, middle + 4)]).toEqual([251, 251, 251, 255]);
});

test("bad states and sizes are refused by name", async () => {
  const volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), new Int16Array(64));
  const size = { width: 4, height: 4 };
  const refused = (change: Parameters<typeof renderToPixels>[1], options = size) =>
    expect(renderToPixels(volume, change, options)).rejects.toMatchObject({ code: "invalid-option" });
  await refused({ window: { centerHu: 0, widthHu: 0 } });
  await refused({ camera: { zoom: 0 } });
  await refused({ camera: { elevationDeg: 91 } });
  await refused({}, { width: 0, height: 4 });
  await refused({}, { width: 4.5, height: 4 });
  volume.destroy();
});
