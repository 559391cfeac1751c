import { existsSync, readFileSync } from "node:fs";
import { expect, expectTypeOf, test } from "vitest";
import * as adapters from "../../src/adapters/index.js";
import * as browserSurface from "../../src/browser/index.js";
import * as cohort from "../../src/cohort/index.js";
import { version } from "../../src/core/version.js";
import * as nodeSurface from "../../src/node/index.js";
import * as operations from "../../src/ops/index.js";

const json = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));

test("the lock file names no download address, and a version for every package of every platform", () => {
  const packages: [string, { version?: string; resolved?: string; optionalDependencies?: object }][] =
    Object.entries(json("package-lock.json").packages);
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  const names = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, "")));
  const missing = packages.flatMap(([, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !names.has(name)),
  );
  // Without them `npm ci` fails on the machines of others.
  expect(missing).toEqual([]);
});

test("what the library calls itself is what the package says", () => {
  expect(json("package.json").version).toBe(version);
});

// Growing the surface is a decision: it shows here.
test("the public surface, one in a browser and in Node", () => {
  expect(Object.keys(browserSurface).sort()).toEqual(Object.keys(nodeSurface).sort());
  expectTypeOf<typeof browserSurface>().toEqualTypeOf<typeof nodeSurface>();
  expect(Object.keys(nodeSurface).sort()).toMatchInlineSnapshot(`
    [
      "HounsfieldError",
      "acquisitionParametersOf",
      "annotationsOf",
      "attachAnnotations",
      "attachMprControls",
      "attachOrbitControls",
      "attachProbe",
      "bodyMask",
      "bytesSource",
      "chooseSeries",
      "createDisplayTexture",
      "createMask",
      "createView",
      "createVolume",
      "describeLungs",
      "describeSeries",
      "directorySources",
      "droppedSources",
      "fileSources",
      "folderSources",
      "forwardPointerEvents",
      "gpuRangesOf",
      "isHounsfieldError",
      "linkViews",
      "listSeries",
      "loadVolume",
      "lungLabels",
      "lungMask",
      "openArchives",
      "openEngine",
      "openSources",
      "openVolume",
      "parseViewChange",
      "pixelOf",
      "pixelOfCamera",
      "pointAtSlice",
      "positionAt",
      "positionMm",
      "positionText",
      "preprocess",
      "projectMaximum",
      "provenanceOf",
      "receivePointerEvents",
      "renderToPixels",
      "resample",
      "slabThrough",
      "sliceImages",
      "sliceIndex",
      "urlSources",
      "usualWindow",
      "version",
      "windowOf",
      "windowPresets",
      "windowSlabs",
    ]
  `);
});

test("the adapters", () => {
  expect(Object.keys(adapters).sort()).toEqual([
    ...["cornerstoneImageLoader", "cornerstoneMetadata", "cornerstoneVolume", "itkImage", "niivueFile"],
    ...["onnxTensorArguments", "threeTextureArguments", "voxelsOfItk", "voxelsOfVtk", "vtkImageArguments"],
  ]);
});

test("the cohort", () => {
  expect(Object.keys(cohort).sort()).toEqual(["LOBES", "labelSlices", "readCovidCtMdLabels"]);
});

test("the operations", () => {
  expect(Object.keys(operations).sort()).toMatchInlineSnapshot(`
    [
      "binHistogram",
      "boundingBox",
      "byteTable",
      "clip",
      "closing",
      "combineMasks",
      "compareMasks",
      "countVoxels",
      "countVoxelsPerSlice",
      "createLabels",
      "crop",
      "ctNormalization",
      "dilate",
      "distanceSlabs",
      "erode",
      "fillHoles",
      "floatTable",
      "gaussian",
      "gradientMagnitude",
      "gradientMagnitudeSlabs",
      "growFrom",
      "histogram",
      "huTable",
      "invertMask",
      "keepByShare",
      "keepLargeComponents",
      "keepLargest",
      "labelMask",
      "labelSlabs",
      "labelStatistics",
      "listComponents",
      "mapSlabs",
      "mapVolume",
      "maskLabelSlabs",
      "masksFromTensor",
      "measureMask",
      "median",
      "normalizationOf",
      "normalizeSlabs",
      "opening",
      "pad",
      "percentileHu",
      "project",
      "projectMaxima",
      "projectMaximum",
      "projectSum",
      "projectThickSlabs",
      "removeBorderComponents",
      "reorient",
      "resample",
      "resampleMask",
      "resampleSlabs",
      "resampleToFloat",
      "scaleIntensityRange",
      "statistics",
      "surfaceDistances",
      "surfaceMesh",
      "targetGrid",
      "threshold",
      "toTensor",
      "voiFunction",
      "volumeFromTensor",
      "windowByteSlabs",
      "windowOf",
      "windowSlabs",
    ]
  `);
});

test("each subpath is built", () => {
  const { exports } = json("package.json");
  const targets = JSON.stringify(exports).match(/\.\/dist\/[^"]+/g) ?? [];
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
});
