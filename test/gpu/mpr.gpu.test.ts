import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { createRenderTarget } from "../../src/render/frame/render_target.js";
import { mprParams } from "../../src/render/mpr/mpr_params.js";
import { createMprPasses } from "../../src/render/mpr/mpr_passes.js";
import type { MprState } from "../../src/render/state/mpr_state.js";
import { planeAxes } from "../../src/render/state/plane.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { referenceMpr } from "../reference/mpr.js";
import { testEngine } from "../support/gpu.js";
import { readTexture } from "../support/read_texture.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
const upright: Grid = { ...gridOf([33, 24, 18], [0.7, 0.9, 2]), originMm: [-20, 15, -300] };
/** Slices that lean in the patient: every cut but a sagittal one passes between voxels. */
const tilted: Grid = { ...upright, direction: [1, 0, 0, 0, c, -s, 0, s, c] };
const oblique = { right: [1, 0.5, 0.1] as Vec3, down: [0, 0.3, -1] as Vec3 };

/** The hardest input: neighbors have nothing in common, so a position that is off shows at once. */
function noise(grid: Grid, seed: number): Int16Array {
  const next = random(seed);
  return Int16Array.from({ length: grid.size[0] * grid.size[1] * grid.size[2] }, () =>
    Math.floor(next() * 4096 - 1024),
  );
}

async function cutHu(
  grid: Grid,
  voxels: Int16Array,
  mpr: MprState,
  width: number,
  height: number,
  format: "r16float" | "r32float" = "r32float",
): Promise<Float32Array> {
  const volume = await uploadVolume(await engine(), grid, voxels);
  const display = await createDisplayTexture(volume, { format });
  const passes = await createMprPasses(display, "rgba8unorm");
  const picture = createRenderTarget(display.engine, "hu", width, height);
  try {
    passes.sample(mprParams(grid, mpr, width, height), picture, { top: 0, bottom: height });
    return new Float32Array((await readTexture(await engine(), picture.values, 4)).buffer);
  } finally {
    picture.destroy();
    passes.destroy();
    display.destroy();
    volume.destroy();
  }
}

function expectedHu(grid: Grid, voxels: Int16Array, mpr: MprState, width: number, height: number) {
  const { right, down, normal: away } = planeAxes(mpr.plane);
  return referenceMpr(grid, voxels, { ...mpr, right, down, away, width, height });
}

const base: MprState = {
  plane: "axial",
  pointMm: positionMm(upright, [12, 9, 7]),
  interpolation: "linear",
  slabMm: 0,
  slabKind: "maximum",
  zoom: 1,
  panMm: [0, 0],
};

describe("planes along the voxels are exact", () => {
  const sizes = { axial: [33, 24], coronal: [33, 18], sagittal: [24, 18] } as const;
  const cubes: Grid = { ...upright, spacingMm: [1.5, 1.5, 1.5] };
  const pointMm = positionMm(cubes, [12, 9, 7]);
  for (const plane of ["axial", "coronal", "sagittal"] as const) {
    for (const interpolation of ["nearest", "linear", "cubic"] as const) {
      for (const format of ["r16float", "r32float"] as const) {
        test(`${plane}, ${interpolation}, ${format}: a voxel a pixel`, async () => {
          const voxels = noise(cubes, 1);
          const [width, height] = sizes[plane];
          const hu = await cutHu(
            cubes,
            voxels,
            { ...base, plane, interpolation, pointMm },
            width,
            height,
            format,
          );
          const at = (x: number, y: number, z: number) => voxels[x + 33 * (y + 24 * z)];
          const expected = Array.from({ length: width * height }, (_, i) => {
            const [x, y] = [i % width, Math.floor(i / width)];
            if (plane === "axial") return at(x, y, 7);
            return plane === "coronal" ? at(x, 9, 17 - y) : at(12, x, 17 - y);
          });
          expect([...hu]).toEqual(expected);
        });
      }
    }
  }

  for (const [slabKind, pick] of [
    ["maximum", Math.max],
    ["minimum", Math.min],
  ] as const) {
    test(`slabs of whole slices: ${slabKind}`, async () => {
      const voxels = noise(cubes, 2);
      // Two slices of 1.5 mm before the middle one, and two behind it.
      const hu = await cutHu(cubes, voxels, { ...base, pointMm, slabMm: 6, slabKind }, 33, 24);
      const expected = Array.from({ length: 33 * 24 }, (_, i) =>
        pick(...[5, 6, 7, 8, 9].map((z) => voxels[i + 33 * 24 * z])),
      );
      expect([...hu]).toEqual(expected);
    });
  }
});

describe("through a window, without a canvas", () => {
  const window = { centerHu: 1000, widthHu: 3000 };
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  for (const [name, change] of [
    ["axial", { plane: "axial" }],
    ["coronal slab", { plane: "coronal", slabMm: 7, slabKind: "average" }],
    ["oblique, cubic", { plane: oblique, interpolation: "cubic", zoom: 1.4 }],
  ] as const) {
    test(`${name}: under one gray level from the reference`, async () => {
      const voxels = noise(tilted, 4);
      const volume = await uploadVolume(await engine(), tilted, voxels);
      const mpr = { ...base, ...change, pointMm: positionMm(tilted, [16, 12, 9]) };
      const size = { width: 60, height: 50 };
      const background = [0, 0.4, 0] as const;
      const pixels = await renderToPixels(volume, { projection: "mpr", window, mpr, background }, size);
      volume.destroy();
      const expected = expectedHu(tilted, voxels, mpr, size.width, size.height);
      const differences = expected.map((hu, i) => {
        const [red, green] = pixels.subarray(4 * i);
        if (hu === undefined) return Math.abs(red) + Math.abs(green - 102);
        const gray = 255 * Math.min(1, Math.max(0, (hu + 500) / window.widthHu));
        return Math.abs(red - gray) + Math.abs(green - gray);
      });
      expect(mean(differences)).toBeLessThan(1);
      expect(Math.max(...differences)).toBeLessThan(3);
    });
  }

  test("begins in the middle of the volume", async () => {
    const voxels = noise(upright, 5);
    const volume = await uploadVolume(await engine(), upright, voxels);
    const pixels = await renderToPixels(volume, { projection: "mpr", window }, { width: 33, height: 33 });
    volume.destroy();
    const mpr = { ...base, pointMm: positionMm(upright, [16, 12, 9]) };
    const [expected] = expectedHu(upright, voxels, mpr, 33, 33).slice(16 * 33 + 16);
    const gray = (255 * ((expected ?? 0) + 500)) / 3000;
    expect(Math.abs(pixels[4 * (16 * 33 + 16)] - gray)).toBeLessThan(1);
  });
});

/**
 * Greatest difference in HU over pixels that both have, `most` allowed; what one lacks the other lacks too,
 * but for a rim.
 */
function compare(hu: Float32Array, expected: readonly (number | undefined)[], most: number): void {
  let worst = 0;
  let shown = 0;
  let torn = 0;
  expected.forEach((value, i) => {
    if ((value === undefined) !== hu[i] < -1e6) torn++;
    else if (value !== undefined) {
      shown++;
      worst = Math.max(worst, Math.abs(value - hu[i]));
    }
  });
  expect(shown).toBeGreaterThan(hu.length / 5);
  expect(torn).toBe(0);
  expect(worst).toBeLessThanOrEqual(most);
}

describe("any cut equals the plain reference", () => {
  const cuts: [string, Partial<MprState>][] = [
    ["axial, zoomed and moved", { zoom: 2.3, panMm: [3.1, -2.2] }],
    ["coronal slab, mean", { plane: "coronal", slabMm: 6.5, slabKind: "average" }],
    ["sagittal, cubic", { plane: "sagittal", interpolation: "cubic", zoom: 1.3 }],
    ["oblique", { plane: oblique }],
    ["oblique, cubic", { plane: oblique, interpolation: "cubic" }],
    ["oblique slab, minimum", { plane: oblique, slabMm: 9, slabKind: "minimum" }],
  ];
  for (const [gridName, grid] of [
    ["upright", upright],
    ["tilted", tilted],
  ] as const) {
    test.each(cuts)(`%s of a ${gridName} volume`, async (_, change) => {
      const voxels = noise(grid, 3);
      const mpr = { ...base, ...change, pointMm: positionMm(grid, [12.3, 9.1, 7.2]) };
      const hu = await cutHu(grid, voxels, mpr, 61, 47);
      // Neighbors differ by up to 4095 HU: what 1/2048 voxel of snapping and f32 positions make of it on
      // three axes, and a little for cubics.
      compare(hu, expectedHu(grid, voxels, mpr, 61, 47), 9);
    });
  }
});
