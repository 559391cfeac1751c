import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { encodeColorPng } from "../../src/formats/png.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { createDisplayTexture, type DisplayTexture } from "../../src/render/display_texture.js";
import { followArrival } from "../../src/render/follow_arrival.js";
import { createLabelTexture } from "../../src/render/label_texture.js";
import { cutOf } from "../../src/render/mpr/cut.js";
import { cutParams } from "../../src/render/mpr/cut_params.js";
import { createMprPainter } from "../../src/render/mpr/mpr_painter.js";
import { createPicture } from "../../src/render/picture.js";
import { probeCut } from "../../src/render/probe.js";
import { renderToPixels } from "../../src/render/render_to_pixels.js";
import { defaultViewState, type ViewChange } from "../../src/render/view_state.js";
import { Arrival } from "../../src/volume/arrival.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { CtVolume, sliceWords } from "../../src/volume/ct_volume.js";
import { referenceMean, referenceMeans } from "../reference/downsample.js";
import { testEngine } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { readTexture } from "../support/read_texture.js";
import { cramped } from "../support/resampling.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

/** Pictures to be looked at; nothing is compared with them. */
const pictures = fileURLToPath(new URL("../../out/pictures", import.meta.url));

function noise([nx, ny, nz]: Vec3, seed: number): Int16Array {
  const next = random(seed);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 4096 - 1024));
}

/** HU and labels of every texel, z, y, x: nearest cuts through the slices, a texel a pixel. */
async function texelsOf(display: DisplayTexture, labels?: GPUTexture) {
  const [nx, ny, nz] = display.grid.size;
  const painter = await createMprPainter(display, "rgba8unorm");
  const picture = createPicture(display.engine, "hu", nx, ny);
  const hu: number[] = [];
  const bits: number[] = [];
  for (let z = 0; z < nz; z++) {
    const plane = { right: [1, 0, 0], down: [0, 1, 0], away: [0, 0, 1] } as const;
    const at = { middle: [(nx - 1) / 2, (ny - 1) / 2, z], middle_px: [nx / 2, ny / 2] } as const;
    const params = { ...plane, ...at, interpolation: 0, kind: 0, reach: 0 };
    painter.cut(params, picture, { top: 0, bottom: ny }, labels);
    hu.push(...new Float32Array((await readTexture(display.engine, picture.values, 4)).buffer));
    bits.push(...(await readTexture(display.engine, picture.labels, 1)));
  }
  picture.destroy();
  painter.destroy();
  return { hu, bits };
}

/** Rounded to whole HU; ties either way. */
function expectMeans(got: readonly number[], means: readonly number[]): void {
  expect(got).toHaveLength(means.length);
  const off = got.map((hu, i) => Math.abs(hu - means[i]));
  expect(Math.max(...off)).toBeLessThan(0.51);
  expect(got.every(Number.isInteger)).toBe(true);
}

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
        const voxels = noise(size, 3);
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
    using volume = await uploadVolume(await engine(), gridOf([6, 5, 4]), noise([6, 5, 4], 1));
    const display = await createDisplayTexture(volume, { mostTexels: 6 });
    expect([display.downsampling, display.grid]).toEqual([undefined, volume.grid]);
    display.destroy();
  });

  test("a device that cannot bind the slices of one texel says so", async () => {
    const small = cramped(await engine(), { maxBindingBytes: 1024 });
    using volume = await uploadVolume(small, gridOf([16, 16, 12]), noise([16, 16, 12], 1));
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
  using volume = await uploadVolume(on, gridOf(size), noise(size, 2));
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

  // Of a ramp the mean of a box is its middle's value, and linear interpolation is exact: a place that is off shows as HU. Within the twenty-fifth part of a
  // voxel's step: voxels are stairs, and texels cover parts of some.
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
    const painter = await createMprPainter(display, "rgba8unorm");
    const picture = createPicture(display.engine, "hu", 40, 30);
    for (const plane of planes) {
      painter.cut(cutParams(display.grid, { ...mpr, plane }, 40, 30), picture, { top: 0, bottom: 30 });
      const hu = new Float32Array((await readTexture(display.engine, picture.values, 4)).buffer);
      // Where the plane lies by the volume's own grid, and the ramp there.
      const cut = cutParams(grid, { ...mpr, plane }, 40, 30);
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
    painter.destroy();
    display.destroy();
  });

  test("what is read under the pointer is the record", async () => {
    const voxels = noise(grid.size, 7);
    using volume = await uploadVolume(await engine(), grid, voxels);
    const display = await createDisplayTexture(volume, { mostTexels: 10 });
    const found = await probeCut(volume, cutOf(grid, mpr, 40, 30), mpr, 17, 12);
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
  // In gray levels, one and a half times what was found: the phantom's voxels are of 4 mm, with noise of their own.
  const views: Readonly<Record<string, [ViewChange, number]>> = {
    "coronal-lungs": [{ projection: "mpr", window: "lung", mpr: { plane: "coronal" }, overlays }, 9],
    mip: [{ camera, window: "bone" }, 13],
    average: [{ camera, projection: "average", window: "lung" }, 1.5],
    dvr: [{ camera, projection: "dvr", transfer: "soft-tissue" }, 8],
    "minip-lungs": [
      { camera, projection: "minip", window: "lung", cut: [{ mask: "lungs", outside: "hide" }] },
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
      writeFileSync(join(pictures, `downsampled-${name}-${kind}.png`), encodeColorPng(rgba, size));
    const differences = whole.map((value, i) => Math.abs(value - coarse[i]));
    const mean = differences.reduce((sum, value) => sum + value, 0) / (whole.length * 0.75);
    expect(new Set(coarse).size).toBeGreaterThan(20);
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(most);
  });
});

describe("a volume that arrives", () => {
  const size: Vec3 = [6, 4, 23];
  const voxels = noise(size, 4);

  /** A record of which nothing is there yet, and what puts a slice into it. */
  async function arriving(on: Engine) {
    const volume = await uploadVolume(
      on,
      gridOf(size),
      new Int16Array(size[0] * size[1] * size[2]).fill(9999),
    );
    const arrival = new Arrival(size[2]);
    const put = (z: number) => {
      const slice = new Int16Array(sliceWords(volume.grid) * 2);
      slice.set(voxels.subarray(24 * z, 24 * (z + 1)));
      on.write(volume.buffer, z * slice.byteLength, slice);
      arrival.arrived(z);
    };
    return { volume, arrival, put };
  }

  test("is there coarsely first, then half, then as if it had been there at once", async () => {
    const { volume, arrival, put } = await arriving(await engine());
    const display = await createDisplayTexture(volume, { empty: true, mostTexels: 8 });
    expect(display.grid.size).toEqual([6, 4, 8]);
    let onTold = () => {};
    const told = () => new Promise<void>((resolve) => (onTold = resolve));
    const done = new Promise<void>((onDone, onError) => {
      followArrival(display, arrival, true, { onUpdate: () => onTold(), onDone, onError });
    });
    const covered = told();
    put(4);
    put(12);
    put(20);
    await covered;
    const meanOf = (k: number, counts: (z: number) => boolean) =>
      Array.from({ length: 24 }, (_, i) =>
        referenceMean(size, voxels, display.grid.size, [i % 6, Math.floor(i / 6), k], counts),
      );
    const sliceOf = (z: number) => [...voxels.subarray(24 * z, 24 * (z + 1))];
    // Texels of 23 / 8 slices; the third one is of slices 5.75 to 8.625: shared by what 4 and 12 stand in for.
    const coarse = (await texelsOf(display)).hu;
    expectMeans(coarse.slice(0, 24), sliceOf(4));
    expectMeans(coarse.slice(24, 48), sliceOf(4));
    expectMeans(coarse.slice(4 * 24, 5 * 24), sliceOf(12));
    expectMeans(coarse.slice(7 * 24), sliceOf(20));

    const next = told();
    put(3);
    await next;
    const half = (await texelsOf(display)).hu;
    // Of slices 2.875 to 5.75, and 0 to 2.875.
    expectMeans(
      half.slice(24, 48),
      meanOf(1, (z) => z === 3 || z === 4),
    );
    expectMeans(half.slice(0, 24), sliceOf(4));

    for (let z = 0; z < size[2]; z++) if (![3, 4, 12, 20].includes(z)) put(z);
    arrival.finish();
    await done;
    expectMeans((await texelsOf(display)).hu, referenceMeans(size, voxels, display.grid.size));
    display.destroy();
    volume.destroy();
  });

  test("has air where a slow loader's slices are missing", async () => {
    const { volume, arrival, put } = await arriving(await engine());
    const display = await createDisplayTexture(volume, { empty: true, mostTexels: 8 });
    put(4);
    await new Promise<void>((resolve, reject) => {
      const stop = followArrival(display, arrival, true, {
        onUpdate() {
          stop();
          resolve();
        },
        onDone: () => {},
        onError: reject,
      });
    });
    const { hu } = await texelsOf(display);
    expectMeans(hu.slice(0, 24), [...voxels.subarray(4 * 24, 5 * 24)]);
    expect(new Set(hu.slice(3 * 24))).toEqual(new Set([-1024]));
    display.destroy();
    volume.destroy();
  });
});

describe("a volume longer than the device's textures", () => {
  test.each<[Vec3, Vec3]>([
    [
      [1, 1, 2100],
      [1, 1, 2],
    ],
    [
      [3000, 4, 4],
      [2, 1, 1],
    ],
  ])("%j is shown", async (size, factors) => {
    const on = await engine();
    const longest = Math.max(...size);
    // Bright from a third to two thirds of its length.
    const axis = size.indexOf(longest);
    const along = (i: number) => (axis === 0 ? i % size[0] : Math.floor(i / (size[0] * size[1])));
    const voxels = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, i) =>
      along(i) >= longest / 3 && along(i) < (2 * longest) / 3 ? 1000 : -1000,
    );
    using volume = await uploadVolume(on, gridOf(size), voxels);
    const display = await createDisplayTexture(volume);
    expect(display.downsampling).toEqual({
      factors,
      reason: expect.stringMatching(
        /^\d+ x \d+ x \d+ voxels are drawn as .*: the device's 3D textures take 2048 along an edge$/,
      ),
    });
    // Its length is 300 pixels, its middle the fifth of nine.
    const [width, height] = axis === 0 ? [300, 9] : [9, 300];
    for (const change of [
      { projection: "mpr", mpr: { plane: "coronal" } },
      { projection: "mip", camera: { zoom: 300 / 9 / 0.9 } },
    ] as const) {
      const pixels = await renderToPixels(volume, change, { width, height, display });
      const grays = Array.from({ length: 300 }, (_, i) => pixels[4 * (axis === 0 ? 4 * 300 + i : 9 * i + 4)]);
      // In the usual window: -1000 and 1000 HU.
      const [dark, bright] = [1, 126];
      const expected = grays.map((_, i) => (i >= 100 && i < 200 ? bright : dark));
      expect(grays.filter((gray, i) => Math.abs(gray - expected[i]) > 1)).toEqual([]);
    }
    display.destroy();
  });
});

describe("a device that is short of memory", () => {
  /** The next `count` textures are not to be had. */
  async function shortFor(count: number): Promise<() => void> {
    const { device } = await engine();
    let left = count;
    const failing = async () => (left-- > 0 ? { message: "no memory" } : null);
    Object.defineProperty(device, "popErrorScope", { value: failing, configurable: true });
    return () => Reflect.deleteProperty(device, "popErrorScope");
  }

  test("says so by itself: SwiftShader has no texture of 16 GiB, nor of 4", async () => {
    const on = await engine();
    // Nothing is drawn of it: the record is not there.
    using volume = new CtVolume(on, gridOf([2048, 2048, 1024]), await on.allocate("no record", 4));
    const display = await createDisplayTexture(volume, { format: "r32float", empty: true });
    const held = on.memory.snapshot()["display texture"];
    display.destroy();
    expect(display.downsampling?.reason).toContain(`no ${2 ** 34} bytes`);
    const texels = display.grid.size.reduce((product, count) => product * count, 1);
    expect(held).toBe(4 * texels);
    expect(held).toBeLessThanOrEqual(2 ** 30);
  });

  test("draws as much as it has memory for", async () => {
    const size: Vec3 = [12, 9, 30];
    const voxels = noise(size, 6);
    using volume = await uploadVolume(await engine(), gridOf(size), voxels);
    const restore = await shortFor(2);
    const display = await createDisplayTexture(volume, { format: "r16float", empty: true });
    restore();
    await display.update(0, 30);
    expect(display.downsampling).toEqual({
      factors: [2, 2, 4],
      reason: expect.stringContaining("the device has no 6480 bytes for the display texture"),
    });
    expectMeans((await texelsOf(display)).hu, referenceMeans(size, voxels, [6, 5, 8]));
    display.destroy();
  });

  test("and says what it had not, where it has none at all", async () => {
    using volume = await uploadVolume(await engine(), gridOf([64, 64, 64]), noise([64, 64, 64], 6));
    const restore = await shortFor(9);
    await expect(createDisplayTexture(volume, { format: "r16float" })).rejects.toMatchObject({
      code: "out-of-memory",
      fields: { got: 2 * 64 ** 3 },
      message: expect.stringContaining(`nor ${2 * 8 ** 3} for a coarser one`),
    });
    restore();
  });
});
