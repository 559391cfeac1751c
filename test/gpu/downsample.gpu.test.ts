import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { encodeColorPng } from "../../src/formats/png.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { createRenderTarget } from "../../src/render/frame/render_target.js";
import { mprParams } from "../../src/render/mpr/mpr_params.js";
import { createMprPasses } from "../../src/render/mpr/mpr_passes.js";
import { mprSliceOf } from "../../src/render/mpr/mpr_slice.js";
import { defaultViewState, type ViewChange } from "../../src/render/state/view_state.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { createLabelTexture } from "../../src/render/texture/label_texture.js";
import { probeMpr } from "../../src/render/view/probe.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { referenceMeans } from "../reference/downsample.js";
import { testEngine } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { readTexture } from "../support/read_texture.js";
import { cramped } from "../support/resampling.js";
import { displayNoise, expectMeans, texelsOf } from "../support/texels.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

/** Pictures to be looked at; nothing is compared with them. */
const pictures = fileURLToPath(new URL("../../out/pictures", import.meta.url));

describe("a texel is the mean of the voxels that it covers", () => {
  const cases: [Vec3, number, Vec3][] = [
    [[16, 12, 8], 8, [2, 2, 1]],
    [[33, 24, 19], 10, [4, 3, 2]],
    [[13, 1, 40], 13, [1, 1, 4]],
    [[7, 50, 3], 1, [7, 50, 3]],
  ];
  for (const [size, mostTexels, factors] of cases) {
    for (const format of ["r16float", "r32float"] as const) {
      test(`${size.join(" x ")} in ${mostTexels}, ${format}`, async () => {
        const voxels = displayNoise(size, 3);
        const whole = await engine();
        // At once, and in slabs of a slice or two.
        for (const on of [whole, cramped(whole, { slabVoxels: 2 * size[0] * size[1] })]) {
          using volume = await uploadVolume(on, gridOf(size), voxels);
          const display = await createDisplayTexture(volume, { format, mostTexels });
          expect(display.downsampling?.factors).toEqual(factors);
          expect(display.slices).toBe(size[2]);
          const { hu } = await texelsOf(display);
          display.destroy();
          expectMeans(hu, referenceMeans(size, voxels, display.grid.size));
        }
      });
    }
  }

  test("a volume that fits is taken as it is", async () => {
    using volume = await uploadVolume(await engine(), gridOf([6, 5, 4]), displayNoise([6, 5, 4], 1));
    const display = await createDisplayTexture(volume, { mostTexels: 6 });
    expect([display.downsampling, display.grid]).toEqual([undefined, volume.grid]);
    display.destroy();
  });

  test("a device that cannot bind the slices of one texel says so", async () => {
    const small = cramped(await engine(), { maxBindingBytes: 1024 });
    using volume = await uploadVolume(small, gridOf([16, 16, 12]), displayNoise([16, 16, 12], 1));
    await expect(createDisplayTexture(volume, { mostTexels: 4 })).rejects.toMatchObject({
      code: "limit-exceeded",
      fields: { got: 5 * 512, accepted: 1024 },
    });
    await expect(createDisplayTexture(volume, { mostTexels: 0 })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

test("a texel is a mask's where at least half of what it covers is", async () => {
  const size: Vec3 = [21, 14, 10];
  const next = random(8);
  const bytes = [0.3, 0.5, 0.7].map((share) =>
    Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (next() < share ? 1 : 0)),
  );
  const on = await engine();
  using volume = await uploadVolume(on, gridOf(size), displayNoise(size, 2));
  const masks: BitMask[] = [];
  for (const mask of bytes) masks.push(await uploadMask(on, volume.grid, mask));
  const display = await createDisplayTexture(volume, { mostTexels: 7 });
  const named = { a: masks[0], b: masks[1], c: masks[2] };
  const labels = await createLabelTexture(on, volume.grid, named, display.grid);
  const { bits } = await texelsOf(display, labels.texture);
  const shares = bytes.map((mask) => referenceMeans(size, mask, display.grid.size));
  const expected = bits.map((_, i) =>
    shares.reduce((sum, share, bit) => sum | (share[i] >= 0.5 - 1e-9 ? 1 << bit : 0), 0),
  );
  expect(new Set(expected).size).toBeGreaterThan(5);
  expect(bits).toEqual(expected);
  for (const one of [labels, display, ...masks]) one.destroy();
});

describe("planes lie where they lie in the whole volume", () => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const grid: Grid = {
    size: [37, 25, 22],
    spacingMm: [0.7, 0.9, 2],
    originMm: [-20, 15, -300],
    direction: [1, 0, 0, 0, c, -s, 0, s, c],
  };
  const mpr = { ...defaultViewState.mpr, pointMm: [-8, 10, -285] as Vec3 };
  const planes = ["axial", "coronal", "sagittal", { right: [1, 0.5, 0.1], down: [0, 0.3, -1] }] as const;

  // Of a ramp the mean of a box is its middle's value, and linear interpolation is exact: a place that is off
  // shows as HU. Within the twenty-fifth part of a voxel's step: voxels are stairs, and texels cover parts of
  // some.
  test.each([0, 1, 2])("a ramp along axis %d", async (axis) => {
    const step = [80, 100, 120][axis];
    const [nx, ny] = grid.size;
    const voxels = Int16Array.from({ length: nx * ny * grid.size[2] }, (_, i) => {
      const index = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      return -1000 + step * index[axis];
    });
    using volume = await uploadVolume(await engine(), grid, voxels);
    const display = await createDisplayTexture(volume, { mostTexels: 10 });
    expect(display.downsampling?.factors).toEqual([4, 3, 3]);
    const passes = await createMprPasses(display, "rgba8unorm");
    const picture = createRenderTarget(display.engine, "hu", 40, 30);
    for (const plane of planes) {
      passes.sample(mprParams(display.grid, { ...mpr, plane }, 40, 30), picture, { top: 0, bottom: 30 });
      const hu = new Float32Array((await readTexture(display.engine, picture.values, 4)).buffer);
      // Where the plane lies by the volume's own grid, and the ramp there.
      const cut = mprParams(grid, { ...mpr, plane }, 40, 30);
      let compared = 0;
      hu.forEach((got, i) => {
        const [x, y] = [(i % 40) + 0.5 - 20, Math.floor(i / 40) + 0.5 - 15];
        const index = [0, 1, 2].map((a) => cut.middle[a] + x * cut.right[a] + y * cut.down[a]);
        const isInside = index.every((at, a) => at > -0.499 && at < grid.size[a] - 0.501);
        const isBeside = index.some((at, a) => at < -0.501 || at > grid.size[a] - 0.499);
        // The same pixels are the volume's.
        if (isInside || isBeside) expect(got > -1e6).toBe(isInside);
        // Half a texel from the faces the value is held.
        if (!index.every((at, a) => at > 2 && at < grid.size[a] - 3)) return;
        compared++;
        expect(Math.abs(got - (-1000 + step * index[axis]))).toBeLessThan(step / 25);
      });
      expect(compared).toBeGreaterThan(100);
    }
    picture.destroy();
    passes.destroy();
    display.destroy();
  });

  test("what is read under the pointer is the record", async () => {
    const voxels = displayNoise(grid.size, 7);
    using volume = await uploadVolume(await engine(), grid, voxels);
    const display = await createDisplayTexture(volume, { mostTexels: 10 });
    const found = await probeMpr(volume, mprSliceOf(grid, mpr, 40, 30), mpr, 17, 12);
    const [x, y, z] = found?.voxel ?? [-1, -1, -1];
    expect(found?.hu).toBe(voxels[(z * 25 + y) * 37 + x]);
    display.destroy();
  });
});

describe("pictures are near the whole volume's", () => {
  let volume: CtVolume;
  let lungs: BitMask;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const phantom = chestPhantom({ size: [97, 90, 61] });
    const [nx, ny, nz] = phantom.grid.size;
    const voxels = new Int16Array(nx * ny * nz);
    const mask = new Uint8Array(nx * ny * nz);
    for (let z = 0; z < nz; z++) {
      voxels.set(phantom.slice(z), z * nx * ny);
      mask.set(
        phantom.labels(z).map((label) => (label > 0 ? 1 : 0)),
        z * nx * ny,
      );
    }
    volume = await uploadVolume(await engine(), phantom.grid, voxels);
    lungs = await uploadMask(await engine(), phantom.grid, mask);
  });
  afterAll(() => {
    volume.destroy();
    lungs.destroy();
  });

  const camera = { azimuthDeg: 35, elevationDeg: 12 };
  const overlays = [{ mask: "lungs", opacity: 0.6, outline: 0 }];
  // In gray levels, one and a half times what was found: the phantom's voxels are of 4 mm, with noise of
  // their own.
  const views: Readonly<Record<string, [ViewChange, number]>> = {
    "coronal-lungs": [{ projection: "mpr", window: "lung", mpr: { plane: "coronal" }, overlays }, 9],
    mip: [{ camera, window: "bone" }, 13],
    average: [{ camera, projection: "average", window: "lung" }, 1.5],
    dvr: [{ camera, projection: "dvr", transfer: "soft-tissue" }, 8],
    "minip-lungs": [
      {
        projection: "minip",
        window: "lung",
        slab: { centerMm: 0, thicknessMm: 60 },
        cut: [{ mask: "lungs", outside: "hide" }],
      },
      6,
    ],
  };

  test.each(Object.keys(views))("%s", async (name) => {
    const [change, most] = views[name];
    const size = { width: 72, height: 60 };
    const display = await createDisplayTexture(volume, { mostTexels: 49 });
    expect(display.downsampling?.factors).toEqual([2, 2, 2]);
    const whole = await renderToPixels(volume, change, { ...size, masks: { lungs } });
    const coarse = await renderToPixels(volume, change, { ...size, masks: { lungs }, display });
    display.destroy();
    for (const [kind, rgba] of Object.entries({ whole, coarse }))
      writeFileSync(join(pictures, `downsampled-${name}-${kind}.png`), await encodeColorPng(rgba, size));
    const differences = whole.map((value, i) => Math.abs(value - coarse[i]));
    const mean = differences.reduce((sum, value) => sum + value, 0) / (whole.length * 0.75);
    expect(new Set(coarse).size).toBeGreaterThan(20);
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(most);
  });
});
