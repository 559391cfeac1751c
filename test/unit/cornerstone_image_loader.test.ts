import { describe, expect, test } from "vitest";
import {
  type CornerstoneSlices,
  cornerstoneImageLoader,
  cornerstoneMetadata,
} from "../../src/adapters/index.js";
import type { Grid } from "../../src/core/grid.js";

const grid: Grid = {
  size: [3, 2, 2],
  spacingMm: [0.7, 0.8, 2.5],
  originMm: [-120, -90, 35],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const voxels = Int16Array.of(-1000, -900, 0, 40, 3, 5, 100, 200, 300, 400, 500, 600);
const slices = <Data extends { slice(from: number, to: number): Data }>(data: Data) => ({
  grid,
  read: async (z0: number, z1: number) => data.slice(z0 * 6, z1 * 6),
});

describe("cornerstoneImageLoader", () => {
  const { imageIds } = cornerstoneMetadata({ grid }, "a/ct:1");
  const volumes = new Map([["a/ct:1", slices(voxels)]]);
  const load = cornerstoneImageLoader(volumes);

  test("an image is a slice, with the extremes of its values and rows and columns by name", async () => {
    const image = await load(imageIds[1]).promise;
    expect(image.getPixelData()).toEqual(voxels.slice(6));
    expect(image).toMatchObject({
      imageId: "hounsfield:a/ct:1/1",
      ...{ rows: 2, height: 2, columns: 3, width: 3 },
      ...{ columnPixelSpacing: 0.7, rowPixelSpacing: 0.8, sliceThickness: 2.5 },
      ...{ minPixelValue: 100, maxPixelValue: 600, windowCenter: 350, windowWidth: 500 },
      ...{ dataType: "Int16Array", sizeInBytes: 12, slope: 1, intercept: 0 },
    });
  });

  test("the volumes are those of the map when an image is asked for", async () => {
    await expect(load("hounsfield:later/0").promise).rejects.toMatchObject({ code: "invalid-option" });
    volumes.set("later", slices(voxels));
    expect((await load("hounsfield:later/0").promise).minPixelValue).toBe(-1000);
    volumes.delete("later");
    await expect(load("hounsfield:later/0").promise).rejects.toThrow(/imageId/);
  });

  test.each([
    "hounsfield:a/ct:1/2",
    "hounsfield:a/ct:1/-1",
    "hounsfield:a/ct:1/0.5",
    "hounsfield:a/ct:1/",
    "hounsfield:a/ct:1",
    "other:a/ct:1/0",
  ])("%s is no slice of one", async (imageId) => {
    await expect(load(imageId).promise).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("scaled values are floats of what they stand for, and the metadata says so", async () => {
    const values = { slope: 0.5, intercept: 10 };
    const scaled = cornerstoneImageLoader(new Map([["pet", { ...slices(voxels), values }]]));
    const image = await scaled("hounsfield:pet/0").promise;
    expect(image.getPixelData()).toEqual(Float32Array.of(-490, -440, 10, 30, 11.5, 12.5));
    expect([image.minPixelValue, image.maxPixelValue, image.dataType]).toEqual([-490, 30, "Float32Array"]);
    const { imageIds: ids, provider } = cornerstoneMetadata({ grid, values }, "pet");
    expect(provider("imagePixelModule", ids[0])).toMatchObject({ bitsAllocated: 32 });
    const ct = cornerstoneMetadata({ grid, values: { slope: 1, intercept: 0 } }, "ct");
    expect(ct.provider("imagePixelModule", ct.imageIds[0])).toMatchObject({ bitsAllocated: 16 });
  });

  test("the array that is asked for, where it holds every value", async () => {
    const ask = (type: string, z: number) => load(imageIds[z], { targetBuffer: { type } }).promise;
    expect((await ask("Float32Array", 0)).getPixelData()).toEqual(Float32Array.from(voxels.slice(0, 6)));
    expect((await ask("Int16Array", 0)).dataType).toBe("Int16Array");
    expect((await ask("Uint16Array", 1)).getPixelData()).toEqual(Uint16Array.from(voxels.slice(6)));
    for (const type of ["Uint16Array", "Uint8Array", "Float64Array"])
      await expect(ask(type, 0)).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("masks are bytes, also of a Buffer; kinds that are not shown are refused", async () => {
    const loader = cornerstoneImageLoader<{ dataType: string; getPixelData(): unknown }>(
      new Map<string, { grid: Grid; read(z0: number, z1: number): Promise<Uint8Array | Int8Array> }>([
        ["mask", slices(Buffer.from(voxels.map((value) => Number(value > 0))))],
        ["signed", slices(Int8Array.from(voxels, (value) => Math.sign(value)))],
        ["short", { grid, read: async () => new Uint8Array(5) }],
      ]),
      "masks",
    );
    const mask = await loader("masks:mask/1").promise;
    expect(mask.dataType).toBe("Uint8Array");
    expect(mask.getPixelData()).toEqual(new Uint8Array(6).fill(1));
    await expect(loader("masks:signed/0").promise).rejects.toMatchObject({ code: "invalid-option" });
    await expect(loader("masks:short/0").promise).rejects.toThrow(/6 values/);
  });

  test("what reading throws is what the promise rejects with; a value that is everywhere has a window", async () => {
    const gone = new Error("gone");
    const failing = cornerstoneImageLoader(new Map([["x", { grid, read: () => Promise.reject(gone) }]]));
    await expect(failing("hounsfield:x/0").promise).rejects.toBe(gone);
    const window = { center: 40, width: 400 };
    const flat = slices(new Int16Array(12));
    const loader = cornerstoneImageLoader(
      new Map<string, CornerstoneSlices>([
        ["x", { ...flat, window }],
        ["y", flat],
      ]),
    );
    expect(await loader("hounsfield:x/0").promise).toMatchObject({ windowCenter: 40, windowWidth: 400 });
    expect(await loader("hounsfield:y/0").promise).toMatchObject({ windowCenter: 0, windowWidth: 1 });
  });

  test("what is no map is refused at once, what is no volume when it is asked for", async () => {
    expect(() => cornerstoneImageLoader({} as never)).toThrow(/volumes/);
    for (const none of [{}, { grid }, { grid: { size: [1, 1, 1] }, read: async () => voxels }]) {
      const { promise } = cornerstoneImageLoader(new Map([["x", none as never]]))("hounsfield:x/0");
      await expect(promise).rejects.toMatchObject({ code: "invalid-option" });
    }
  });
});
