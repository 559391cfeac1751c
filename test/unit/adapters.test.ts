import { gunzipSync, gzipSync } from "node:zlib";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkImageData from "@kitware/vtk.js/Common/DataModel/ImageData.js";
import { Data3DTexture, Matrix4, Vector3 } from "three";
import { describe, expect, test } from "vitest";
import {
  cornerstoneMetadata,
  cornerstoneVolume,
  itkImage,
  niivueFile,
  onnxTensorArguments,
  threeTextureArguments,
  voxelsOfItk,
  voxelsOfVtk,
  vtkImageArguments,
} from "../../src/adapters/index.js";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { parseNifti } from "../../src/formats/nifti/parse_nifti.js";

// Where a voxel lies must be the same in every program: judged by their own packages where these run in Node.

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const grids: readonly (readonly [string, Grid["direction"]])[] = [
  ["axial", [1, 0, 0, 0, 1, 0, 0, 0, 1]],
  ["prone, flipped", [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
  ["sagittal", [0, 0, -1, 1, 0, 0, 0, -1, 0]],
  ["oblique", [c, -s, 0, s, c, 0, 0, 0, 1]],
];
const gridOf = (direction: Grid["direction"]): Grid => ({
  size: [4, 3, 2],
  spacingMm: [0.7, 0.8, 2.5],
  originMm: [-120.5, -90.25, 35],
  direction,
});
const data = Int16Array.from({ length: 24 }, (_, i) => i * 100 - 1000);
const indices: readonly Vec3[] = [
  [0, 0, 0],
  [3, 0, 0],
  [1, 2, 1],
  [3, 2, 1],
];
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(9)) + 0);

describe.each(grids)("a grid that is %s", (_, direction) => {
  const grid = gridOf(direction);
  const voxels = { grid, data };

  test("vtk.js has its voxels where we have them, and gives them back", () => {
    const { dimensions, spacing, origin, direction: rows, values } = vtkImageArguments(voxels);
    const image = vtkImageData.newInstance({ spacing, origin, direction: rows as never });
    image.setDimensions(dimensions);
    image
      .getPointData()
      .setScalars(
        vtkDataArray.newInstance({ name: "HU", values: values as Int16Array, numberOfComponents: 1 }),
      );
    for (const index of indices) {
      expect(rounded(image.indexToWorld([...index] as never))).toEqual(rounded(positionMm(grid, index)));
      const at = image.getPointData().getScalars().getData()[index[0] + 4 * (index[1] + 3 * index[2])];
      expect(at).toBe(data[index[0] + 4 * (index[1] + 3 * index[2])]);
    }
    const back = voxelsOfVtk(image as never);
    expect(rounded(back.grid.direction)).toEqual(rounded(direction));
    expect([back.grid.size, rounded(back.grid.originMm)]).toEqual([grid.size, rounded(grid.originMm)]);
    expect(back.data).toBe(data);
  });

  test("a part of a vtkImageData, whose extent begins elsewhere, lies where vtk.js has it", () => {
    const { spacing, origin, direction: rows, values } = vtkImageArguments(voxels);
    for (const first of [0, 1, -2, 10]) {
      const image = vtkImageData.newInstance({ spacing, origin, direction: rows as never });
      image.setExtent(first, first + 3, first + 5, first + 7, 3, 4);
      image
        .getPointData()
        .setScalars(
          vtkDataArray.newInstance({ name: "HU", values: values as Int16Array, numberOfComponents: 1 }),
        );
      const part = voxelsOfVtk(image as never);
      for (const [x, y, z] of indices) {
        const there = image.indexToWorld([first + x, first + 5 + y, 3 + z] as never);
        expect(rounded(positionMm(part.grid, [x, y, z]))).toEqual(rounded(there));
      }
    }
  });

  test("three.js has the corners of its texture where the corners of the volume are", () => {
    const { data: values, width, height, depth, textureToMm } = threeTextureArguments(voxels);
    const texture = new Data3DTexture(Float32Array.from(values), width, height, depth);
    expect(texture.image).toMatchObject({ width: 4, height: 3, depth: 2 });
    const matrix = new Matrix4().fromArray(textureToMm);
    for (const [x, y, z] of indices) {
      // The middle of a texel is a voxel's center.
      const center = new Vector3((x + 0.5) / 4, (y + 0.5) / 3, (z + 0.5) / 2).applyMatrix4(matrix);
      expect(rounded(center.toArray())).toEqual(rounded(positionMm(grid, [x, y, z])));
    }
  });

  test("itk-wasm's Image has our direction, and comes back", () => {
    const image = itkImage(voxels);
    expect(image.imageType).toEqual({
      dimension: 3,
      componentType: "int16",
      pixelType: "Scalar",
      components: 1,
    });
    expect(Array.from(image.direction)).toEqual(direction);
    const back = voxelsOfItk(image);
    expect(back).toEqual({ grid, data });
    expect(itkImage({ grid, data: new Uint8Array(24) }).imageType.componentType).toBe("uint8");
  });

  test("NiiVue's file is a NIfTI with every voxel in its place", () => {
    const bytes = niivueFile(voxels, { window: { low: -1350, high: 150 } });
    const image = parseNifti(new Uint8Array(gunzipSync(gzipSync(bytes))));
    expect(image.volumes[0]).toEqual(data);
    for (const index of indices)
      positionMm(image.grid, index).forEach((mm, axis) => {
        expect(mm).toBeCloseTo(positionMm(grid, index)[axis], 4);
      });
  });

  test("cornerstone3D: each slice has its own position, of cosines by row and column", () => {
    const source = { frameOfReferenceUid: "1.2.3", modality: "CT", window: { center: 40, width: 400 } };
    const { direction: axes, metadata, dimensions } = cornerstoneVolume(voxels, source);
    expect(dimensions).toEqual([4, 3, 2]);
    expect(axes.slice(0, 6)).toEqual(metadata.ImageOrientationPatient);
    const { imageIds, provider } = cornerstoneMetadata({ grid, ...source }, "ct");
    expect(imageIds).toEqual(["hounsfield:ct/0", "hounsfield:ct/1"]);
    const plane = provider("imagePlaneModule", imageIds[1]) as Record<string, number[]>;
    expect(plane.imagePositionPatient).toEqual([...positionMm(grid, [0, 0, 1])]);
    // The voxel at column 3, row 2, by the attributes alone (PS3.3 C.7.6.2.1.1).
    const [row, column] = [plane.rowCosines, plane.columnCosines];
    const [betweenRows, betweenColumns] = plane.pixelSpacing;
    const mm = plane.imagePositionPatient.map(
      (at, i) => at + row[i] * betweenColumns * 3 + column[i] * betweenRows * 2,
    );
    expect(rounded(mm)).toEqual(rounded(positionMm(grid, [3, 2, 1])));
    expect(provider("modalityLutModule", imageIds[0])).toEqual({ rescaleSlope: 1, rescaleIntercept: 0 });
    expect(provider("imagePlaneModule", "wadors:ct/1")).toBeUndefined();
    expect(provider("toString", imageIds[0])).toBeUndefined();
  });
});

test("ONNX Runtime's arguments are the tensor's own buffer and dims", () => {
  const gpuBuffer = {};
  const [buffer, options] = onnxTensorArguments({ gpuBuffer, dtype: "float16", dims: [1, 1, 2, 3, 4] });
  expect(buffer).toBe(gpuBuffer);
  expect(options).toEqual({ dataType: "float16", dims: [1, 1, 2, 3, 4] });
});

test("what does not fit is refused", () => {
  const grid = gridOf([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const short = { grid, data: data.subarray(1) };
  for (const adapt of [vtkImageArguments, itkImage, threeTextureArguments, niivueFile, cornerstoneVolume])
    expect(() => adapt(short)).toThrow(/24 values/);
  expect(() => cornerstoneVolume({ grid, data: new Int8Array(24) })).toThrow(/no Int8Array/);
  const clamped = { grid, data: new Uint8ClampedArray(24) as never };
  const doubles = { grid, data: new Float64Array(24) as never };
  for (const adapt of [vtkImageArguments, itkImage, threeTextureArguments, niivueFile, cornerstoneVolume])
    for (const other of [clamped, doubles, { grid, data: new DataView(new ArrayBuffer(24)) as never }])
      expect(() => adapt(other)).toThrow(/typed array of 24 values, of int8/);
  const rgb = { ...itkImage({ grid, data }), imageType: { dimension: 3, components: 3 } };
  expect(() => voxelsOfItk(rgb)).toThrow(/1 component/);
  const image = itkImage({ grid, data });
  expect(() => voxelsOfItk({ ...image, spacing: [1, 1, 0] })).toThrow(/spacing/);
  expect(() => voxelsOfItk({ ...image, direction: new Float64Array(9) })).toThrow(/cosines/);
  expect(() => voxelsOfItk({ ...image, origin: [0, Number.NaN, 0] })).toThrow(/finite/);
});

test("bytes of Node's Buffer are unsigned bytes; the bits of each type are told", () => {
  const grid = gridOf([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const bytes = { grid, data: Buffer.alloc(24, 7) };
  expect(itkImage(bytes).imageType.componentType).toBe("uint8");
  expect(cornerstoneVolume(bytes).metadata).toMatchObject({ BitsAllocated: 8, PixelRepresentation: 0 });
  expect(parseNifti(niivueFile(bytes)).dtype).toBe("uint8");
  expect(cornerstoneVolume({ grid, data }).metadata).toMatchObject({
    BitsAllocated: 16,
    PixelRepresentation: 1,
  });
  const { imageIds, provider } = cornerstoneMetadata({ grid, bits: 8, isSigned: false }, "mask");
  expect(provider("imagePixelModule", imageIds[0])).toMatchObject({
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
  });
});
