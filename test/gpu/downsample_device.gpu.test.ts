import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { ArrivalFollower } from "../../src/render/view/arrival_follower.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { CtVolume, sliceWords } from "../../src/volume/ct_volume.js";
import { SliceArrivals } from "../../src/volume/slice_arrivals.js";
import { referenceMean, referenceMeans } from "../reference/downsample.js";
import { testEngine } from "../support/gpu.js";
import { displayNoise, expectMeans, texelsOf } from "../support/texels.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

describe("a volume that arrives", () => {
  const size: Vec3 = [6, 4, 23];
  const voxels = displayNoise(size, 4);

  /** A record of which nothing is there yet, and what puts a slice into it. */
  async function arriving(on: Engine) {
    const volume = await uploadVolume(
      on,
      gridOf(size),
      new Int16Array(size[0] * size[1] * size[2]).fill(9999),
    );
    const arrival = new SliceArrivals(size[2]);
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
      new ArrivalFollower(display, arrival, true, { onUpdate: () => onTold(), onDone, onError });
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
    // Texels of 23 / 8 slices; the third one is of slices 5.75 to 8.625: shared by what 4 and 12 stand in
    // for.
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
      const follower = new ArrivalFollower(display, arrival, true, {
        onUpdate() {
          follower.stop();
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
    const voxels = displayNoise(size, 6);
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
    using volume = await uploadVolume(await engine(), gridOf([64, 64, 64]), displayNoise([64, 64, 64], 6));
    const restore = await shortFor(9);
    await expect(createDisplayTexture(volume, { format: "r16float" })).rejects.toMatchObject({
      code: "out-of-memory",
      fields: { got: 2 * 64 ** 3 },
      message: expect.stringContaining(`nor ${2 * 8 ** 3} for a coarser one`),
    });
    restore();
  });
});
