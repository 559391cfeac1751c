import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { type SliceImageOptions, sliceImages } from "../../src/recipes/slice_images.js";
import { createMask } from "../../src/volume/create_mask.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { publishedSlice } from "../support/published_slice.js";
import { seededRandom } from "../support/random.js";

const size = [12, 12, 5] as const;
const grid: Grid = {
  size,
  spacingMm: [0.7, 0.7, 2],
  originMm: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const count = size[0] * size[1] * size[2];
const random = seededRandom(7);
const hu = Int16Array.from({ length: count }, () => Math.floor(random() * 2000) - 1000);
const inside = Uint8Array.from({ length: count }, () => (random() < 0.6 ? 1 : 0));

const sliceOf = (values: ArrayLike<number>, z: number) =>
  Array.from({ length: size[0] * size[1] }, (_, i) => values[z * size[0] * size[1] + i]);

const farthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe("slices as pictures", () => {
  const open = testBothEngines();

  async function images(options: SliceImageOptions, given: Int16Array = hu) {
    using volume = await createVolume(await open(), { grid, data: given });
    const made: { z: number; values: number[] }[] = [];
    for await (const { z, values } of sliceImages(volume, options)) made.push({ z, values: [...values] });
    return made;
  }

  test.each([6, 4, 12, 7, 20])("as published, at %i pixels: to a float's rounding", async (sizePx) => {
    using mask = await createMask(await open(), { grid, data: inside });
    const made = await images({ sizePx, scale: "slice", order: "descending", mask });
    expect(made.map(({ z }) => z)).toEqual([4, 3, 2, 1, 0]);
    for (const { z, values } of made)
      expect(farthest(values, publishedSlice(sliceOf(hu, z), sliceOf(inside, z), sizePx))).toBeLessThan(1e-7);
  });

  test("by a window, the same HU are the same numbers in every slice; outside of the mask they are 0", async () => {
    using mask = await createMask(await open(), { grid, data: inside });
    const scale = { lowHu: -600, highHu: 400 };
    const made = await images({ sizePx: 12, scale, mask });
    expect(made.map(({ z }) => z)).toEqual([0, 1, 2, 3, 4]);
    for (const { z, values } of made) {
      const expected = sliceOf(hu, z).map((value, i) =>
        sliceOf(inside, z)[i] ? Math.fround(Math.min(1, Math.max(0, (value + 600) / 1000))) : 0,
      );
      expect(values).toEqual(expected);
    }
  });

  test("a slice of one value is 1 throughout, and of zeros 0", async () => {
    const flat = Int16Array.from({ length: count }, (_, i) => [-1000, 0, 30, 1, 0][Math.floor(i / 144)]);
    const made = await images({ sizePx: 3, scale: "slice" }, flat);
    expect(made.map(({ values }) => [Math.min(...values), Math.max(...values)])).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  test("half a size is the mean of 2 x 2", async () => {
    const [first] = await images({ sizePx: 6, scale: { lowHu: -1000, highHu: 1000 } });
    const mean = [0, 1, 12, 13].reduce((sum, i) => sum + (hu[i] + 1000) / 2000, 0) / 4;
    expect(first.values[0]).toBeCloseTo(mean, 7);
  });

  test("slices that are not square are refused just beyond a percent, with what to do", async () => {
    const wide = (mm: number) => ({ ...grid, spacingMm: [mm, 0.7, 2] as const });
    const run = async (mm: number) => {
      using volume = await createVolume(await open(), { grid: wide(mm), data: hu });
      for await (const { z } of sliceImages(volume, { sizePx: 6, scale: "slice" })) if (z === 0) return z;
    };
    expect(await run(0.7069)).toBe(0);
    await expect(run(0.7072)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("square slices; pad or crop the volume before"),
    });
  });

  test("a mask of another place is refused, and so is one that is destroyed", async () => {
    using volume = await createVolume(await open(), { grid, data: hu });
    const options = { sizePx: 6, scale: "slice" } as const;
    const moved = { ...grid, originMm: [1, 0, 0] as const };
    using elsewhere = await createMask(await open(), { grid: moved, data: inside });
    await expect(sliceImages(volume, { ...options, mask: elsewhere }).next()).rejects.toMatchObject({
      code: "wrong-grid",
    });
    const gone = await createMask(await open(), { grid, data: inside });
    gone.destroy();
    await expect(sliceImages(volume, { ...options, mask: gone }).next()).rejects.toMatchObject({
      code: "destroyed",
    });
  });

  test("is canceled between slabs, and refuses what is no scale", async () => {
    using volume = await createVolume(await open(), { grid, data: hu });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(sliceImages(volume, { sizePx: 6, scale: "slice", signal }).next()).rejects.toThrow("enough");
    for (const scale of ["slices", 5, { lowHu: 0 }, { lowHu: 5, highHu: 5 }])
      await expect(sliceImages(volume, { sizePx: 6, scale: scale as never }).next()).rejects.toMatchObject({
        code: "invalid-option",
      });
  });
});
