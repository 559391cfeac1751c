// Over 300 lines: a call of every public function, most of them one line, in the order of the surfaces.
import { itkImage } from "../../src/adapters/index.js";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Grid } from "../../src/core/grid.js";
import {
  chooseSeries,
  type FrameReader,
  frameReader,
  listSeries,
  parseSlices,
  type SeriesListing,
} from "../../src/dicom/index.js";
import { openEngine } from "../../src/node/open_engine.js";
import * as ops from "../../src/ops/index.js";
import { type ChestPhantom, chestPhantom, phantomSeries } from "../../src/phantom/index.js";
import { mprSliceOf } from "../../src/render/mpr/mpr_slice.js";
import { defaultViewState } from "../../src/render/state/view_state.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtEngine } from "../../src/volume/ct_engine.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { gridOf } from "./volumes.js";

/** What calls of the public surface need: things alive, things of another engine, things destroyed. */
export interface CallWorld {
  readonly engine: CtEngine;
  readonly volume: CtVolume;
  readonly mask: BitMask;
  readonly labels: ops.LabelVolume;
  readonly sources: readonly ByteSource[];
  readonly listing: SeriesListing;
  readonly phantom: ChestPhantom;
  readonly frames: FrameReader;
  readonly histogram: ops.Histogram;
  readonly foreign: { readonly engine: CtEngine; readonly volume: CtVolume; readonly mask: BitMask };
  readonly destroyed: { readonly engine: CtEngine; readonly volume: CtVolume; readonly mask: BitMask };
}

const engineOptions = {
  cpu: { device: "cpu", threads: 1, workers: 0 },
  gpu: { device: "gpu", software: "only", workers: 0 },
} as const;

/** Engines of both kinds refuse alike; only a GPU's draws. */
export async function callWorld(device: "cpu" | "gpu" = "cpu"): Promise<CallWorld> {
  const phantom = fromLibrary(chestPhantom({ size: [13, 11, 9], noiseHu: 0 }));
  const sources = Array.from(phantomSeries(phantom), ({ name, bytes }) => bytesSource(name, bytes));
  const listing = await listSeries(sources);
  const open = async () => {
    const engine = await openEngine(engineOptions[device]);
    const volume = await loadVolume(engine, chooseSeries(listing.series));
    return { engine, volume, mask: await ops.threshold(volume, { belowHu: -400 }) };
  };
  const [here, foreign, destroyed] = [await open(), await open(), await open()];
  destroyed.engine.destroy();
  const [header] = await parseSlices(sources[0]);
  const histogram = fromLibrary(await ops.histogram(here.volume));
  const labels = await ops.createLabels(here.engine, {
    grid: here.mask.grid,
    masks: [{ mask: here.mask, label: 7 }],
  });
  return {
    ...here,
    labels,
    phantom,
    sources,
    listing,
    frames: frameReader(header),
    histogram,
    foreign,
    destroyed,
  };
}

/**
 * Arguments of a call that works, or that fails only for want of a GPU or a page. New ones each time: calls
 * may use them up.
 */
export type CallArguments = (world: CallWorld) => readonly unknown[];

const given = new WeakSet<object>();

/** What the library itself gave: callers pass it on as it is, whole or not at all. */
function fromLibrary<T extends object>(made: T): T {
  given.add(made);
  return made;
}

export function isFromLibrary(value: object): boolean {
  return given.has(value);
}

const series = ({ listing }: CallWorld) => {
  const chosen = fromLibrary(chooseSeries(listing.series));
  chosen.slices.forEach(fromLibrary);
  return chosen;
};
const header = (world: CallWorld) => series(world).slices[0];
const resampling = fromLibrary({ slices: [{ measured: true, fieldX: [0, 5], fieldY: [0, 5] }] });
const labels = fromLibrary({
  version: "original",
  patients: [],
  columns: 1,
  slices: new Uint8Array(1),
  lobes: new Uint8Array(5),
});
const camera = fromLibrary(defaultViewState.camera);
const mpr = fromLibrary(defaultViewState.mpr);
const grid = gridOf([5, 5, 5]);
/** A view that draws nothing: real ones need a GPU. */
const view = fromLibrary({
  state: defaultViewState,
  volume: { grid },
  widthPx: 100,
  heightPx: 100,
  set() {},
  on: () => () => {},
  mprSlice: () => undefined,
  edgeLetters: () => ({ left: "R", right: "L", top: "A", bottom: "P" }),
  mmPerPixel: () => 1,
});
const mprSlice = () => fromLibrary(mprSliceOf(gridOf([5, 5, 5]), mpr, 100, 100));
const onlyVolume: CallArguments = ({ volume }) => [volume, {}];
const onlyMask: CallArguments = ({ mask }) => [mask, {}];
const twoMasks: CallArguments = ({ mask }) => [mask, mask, {}];
const ball: CallArguments = ({ mask }) => [mask, { shape: "ball", radiusMm: 2 }];
const sink = { array: async () => {}, image: async () => {} };
const canvas = { width: 10, height: 10, getContext: () => null };
/** Pictures on it go to textures that nobody shows. */
const gpuCanvas = ({ engine }: CallWorld) => {
  const device = "device" in engine ? (engine.device as GPUDevice) : undefined;
  const usage = 16;
  const getCurrentTexture = () => device?.createTexture({ size: [10, 10], format: "bgra8unorm", usage });
  const context = { configure() {}, unconfigure() {}, getCurrentTexture };
  return { width: 10, height: 10, getContext: () => (device ? context : null) };
};
const frame = { transferSyntax: "1.2.840.10008.1.2.1", rows: 1, columns: 2 };

/**
 * One call of every public function, by the surface that has it. The test fails where a function has none.
 */
export const publicCalls: Readonly<Record<string, Readonly<Record<string, CallArguments>>>> = {
  hounsfield: {
    acquisitionParametersOf: (world) => [series(world).slices],
    annotationsOf: () => [view, []],
    attachAnnotations: () => [view, canvas, {}],
    attachMprControls: () => [view, canvas, {}],
    attachOrbitControls: () => [view, canvas],
    attachProbe: () => [view, canvas, () => {}],
    bodyMask: onlyVolume,
    bytesSource: () => ["a.dcm", new Uint8Array(4)],
    chooseSeries: ({ listing }) => [listing.series, 1],
    createDisplayTexture: ({ volume }) => [volume, {}],
    createMask: ({ engine }) => [engine, { data: new Uint8Array(125), grid, label: 1 }],
    createView: (world) => [gpuCanvas(world), world.volume, { masks: {}, projection: "mip", window: "lung" }],
    createVolume: ({ engine }) => [
      engine,
      { data: new Int16Array(125), grid, units: "HU", slope: 1, intercept: 0, notFinite: 0 },
    ],
    describeLungs: () => [fromLibrary({ verdict: "no-lungs", reason: "no-body" })],
    describeSeries: (world) => [series(world)],
    directorySources: () => [{ kind: "directory", name: "a", async *values() {} }, {}],
    droppedSources: () => [[], {}],
    fileSources: () => [[new File([], "a.dcm")]],
    folderSources: () => [import.meta.dirname, {}],
    forwardPointerEvents: () => [canvas, { postMessage() {} }],
    gpuRangesOf: ({ volume }) => [volume],
    isHounsfieldError: () => [new Error("plain"), "io"],
    linkViews: () => [[view], {}],
    listSeries: ({ sources }) => [sources, { allow: ["gaps"], broken: "list" }],
    loadVolume: (world) => [world.engine, series(world), {}],
    lungMask: ({ volume }) => [
      volume,
      { method: "threshold", thresholdHu: -400, minimumFraction: 0.1, maximumHoleMm2: 4 },
    ],
    openArchives: ({ sources }) => [sources, { fileNameEncoding: "gbk", maxUnpackedBytes: 1e6 }],
    openEngine: () => [{ ...engineOptions.cpu, software: "never", powerPreference: "low-power" }],
    openSources: ({ sources }) => [sources, {}],
    openVolume: (world) => [world.engine, series(world), {}],
    parseViewChange: () => [{ window: "lung" }],
    pixelOf: () => [mprSlice(), [1, 2, 3]],
    pixelOfCamera: ({ volume }) => [camera, volume.grid, 100, 100, [1, 2, 3]],
    pointAtSlice: ({ volume }) => [volume.grid, mpr, 2],
    positionAt: () => [mprSlice(), 3, 4],
    positionMm: ({ volume }) => [volume.grid, [1, 2, 3]],
    positionText: () => [
      [1, 2, 3],
      [0, 1, 2],
    ],
    preprocess: (world) => [
      world.engine,
      series(world),
      {
        ...{
          spacingMm: 40,
          window: { lowHu: 0, highHu: 1 },
          lungs: "threshold",
          mip: true,
          omit: ["volume"],
        },
        sink,
      },
    ],
    projectMaximum: ({ volume }) => [volume, { plane: "axial" }],
    provenanceOf: () => [resampling, [0, 0, 0]],
    receivePointerEvents: () => [{ addEventListener() {}, removeEventListener() {} }, canvas],
    renderToPixels: ({ volume, mask }) => [
      volume,
      { projection: "mip", window: "bone", overlays: [{ mask: "lungs", color: [1, 0, 0], opacity: 0.5 }] },
      { width: 4, height: 4, masks: { lungs: mask } },
    ],
    resample: ({ volume }) => [
      volume,
      {
        spacingMm: 30,
        align: "edges",
        kernel: "linear",
        antialias: false,
        border: "clamp",
        transform: undefined,
      },
    ],
    sliceImages: ({ volume }) => [volume, { sizePx: 4, scale: "slice", order: "descending" }],
    slabThrough: ({ volume }) => [volume.grid, camera, [0, 0, 0], 4],
    sliceIndex: ({ volume }) => [volume.grid, mpr],
    usualWindow: onlyVolume,
    urlSources: () => [["http://127.0.0.1:9/a.dcm"], { maxWholeBytes: 1e6, firstBytes: 100, headers: {} }],
    windowOf: () => [40, 400],
    windowSlabs: ({ volume }) => [volume, { lowHu: 0, highHu: 1, reuse: {} }],
  },
  ops: {
    binHistogram: ({ histogram }) => [histogram, { fromHu: 0, binHu: 10, bins: 4 }],
    boundingBox: onlyMask,
    byteTable: () => [(hu: number) => hu],
    clip: ({ volume }) => [volume, { lowHu: -10, highHu: 10 }],
    closing: ball,
    combineMasks: ({ mask }) => [mask, mask, { rule: "and" }],
    compareMasks: twoMasks,
    countVoxels: onlyMask,
    countVoxelsPerSlice: onlyMask,
    crop: ({ volume }) => [volume, { from: [0, 0, 0], to: [2, 2, 2] }],
    dilate: ball,
    distanceSlabs: ({ mask }) => [mask, { maximumMm: 20 }],
    erode: ({ mask }) => [mask, { shape: "box", reachVoxels: [1, 1, 1] }],
    fillHoles: ({ mask }) => [mask, { perSlice: false, maximumVolumeMm3: 10 }],
    floatTable: () => [(hu: number) => hu],
    gaussian: ({ volume }) => [volume, { sigmaMm: [1, 2, 3] }],
    gradientMagnitude: onlyVolume,
    gradientMagnitudeSlabs: onlyVolume,
    growFrom: ({ mask }) => [mask, mask, { neighbors: 6 }],
    histogram: ({ volume, mask }) => [volume, { mask }],
    huTable: () => [(hu: number) => hu],
    invertMask: onlyMask,
    keepByShare: ({ mask }) => [mask, { part: mask, whole: mask, shareBelow: 0.5, neighbors: 4 }],
    keepLargeComponents: ({ mask }) => [mask, { minimumFraction: 0.5 }],
    keepLargest: ({ mask }) => [mask, { count: 2, neighbors: 26 }],
    labelSlabs: ({ mask }) => [mask, { neighbors: 6, maximumComponents: 3 }],
    listComponents: ({ mask }) => [mask, { neighbors: 6, maximumComponents: 3 }],
    mapSlabs: ({ volume }) => [volume, { table: new Float32Array(65536), stage: "map", reuse: {} }],
    mapVolume: ({ volume }) => [volume, { table: new Int16Array(65536), stage: "map" }],
    maskLabelSlabs: ({ mask }) => [[{ mask, label: 1 }], { reuse: {} }],
    measureMask: onlyMask,
    median: onlyVolume,
    normalizationOf: ({ histogram }) => [histogram, { method: "percentile", lowPercent: 1, highPercent: 99 }],
    normalizeSlabs: ({ volume, mask }) => [volume, { method: "z-score", mask }],
    opening: ({ mask }) => [mask, { shape: "cross", reachVoxels: 1 }],
    pad: ({ volume }) => [volume, { before: [1, 0, 0], behind: [0, 0, 1], border: { constantHu: 3 } }],
    percentileHu: ({ histogram }) => [histogram, { percent: 50, method: "linear" }],
    project: ({ volume }) => [volume, { plane: "coronal", kind: "average" }],
    projectMaxima: onlyVolume,
    projectMaximum: ({ volume }) => [volume, { plane: "sagittal" }],
    projectSum: ({ volume }) => [volume, { plane: "axial" }],
    projectThickSlabs: ({ volume }) => [
      volume,
      { plane: "axial", kind: "maximum", thicknessMm: 90, stepMm: 90 },
    ],
    removeBorderComponents: ({ mask }) => [mask, { perSlice: false }],
    reorient: ({ volume }) => [volume, { axes: "RAS" }],
    resample: ({ volume }) => [
      volume,
      { onto: volume.grid, transform: [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0] },
    ],
    resampleMask: ({ mask }) => [mask, { size: [4, 4, 4], align: "corners" }],
    resampleSlabs: ({ volume }) => [volume, { spacingMm: [30, 40, 50], kernel: "b-spline" }],
    resampleToFloat: ({ volume }) => [
      volume,
      { size: [4, 4, 4], kernel: "lanczos3", border: { constantHu: 0 } },
    ],
    statistics: ({ volume, mask }) => [volume, { mask }],
    surfaceDistances: twoMasks,
    ctNormalization: () => [{ mean: 1, std: 2, percentile_00_5: -900, percentile_99_5: 900 }],
    scaleIntensityRange: () => [{ fromHu: -1000, toHu: 400, low: 0, high: 1, clip: true }],
    masksFromTensor: ({ engine }) => [
      engine,
      { data: new Float32Array(250), dims: [2, 5, 5, 5], grid, above: 0.5 },
    ],
    volumeFromTensor: ({ engine }) => [engine, { data: new Float32Array(125), dims: [5, 5, 5], grid }],
    createLabels: ({ engine, mask }) => [engine, { grid: mask.grid, masks: [{ mask, label: 7 }] }],
    labelMask: ({ labels }) => [labels, { label: 7 }],
    labelStatistics: ({ volume, labels }) => [volume, { labels }],
    toTensor: ({ volume }) => [volume, { dtype: "float16", value: (hu: number) => hu }],
    surfaceMesh: ({ volume }) => [volume, { fromHu: -400, smoothing: 1 }],
    targetGrid: ({ volume }) => [volume.grid, { spacingMm: 3, align: "origin" }],
    threshold: ({ volume }) => [volume, { fromHu: -900, belowHu: -400 }],
    voiFunction: () => [{ voiFunction: "SIGMOID", centerHu: 0, widthHu: 10 }],
    windowByteSlabs: ({ volume }) => [volume, { lowHu: 0, highHu: 1, reuse: {} }],
    windowOf: () => [40, 400],
    windowSlabs: ({ volume }) => [volume, { lowHu: 0, highHu: 1 }],
  },
  dicom: {
    acquisitionParametersOf: (world) => [series(world).slices],
    bytesSource: () => ["a", new Uint8Array(1)],
    chooseSeries: ({ listing }) => [listing.series],
    describeSeries: (world) => [series(world)],
    encodeSegmentation: (world) => [
      series(world),
      {
        labels: new Uint8Array(13 * 11 * 9).fill(1),
        segments: [{ label: 1, name: "lung", color: [1, 0, 0] }],
        algorithm: "a",
        description: "b",
        created: new Date(0),
        patient: {},
      },
    ],
    frameDescription: (world) => [header(world)],
    frameReader: (world) => [header(world)],
    groupSeries: (world) => [series(world).slices],
    listSeries: ({ sources }) => [sources],
    orderSlices: (world) => [series(world).slices, ["gaps"]],
    parseImage: ({ sources }) => [sources[0]],
    parseSlice: ({ sources }) => [sources[0]],
    parseSlices: ({ sources }) => [sources[0]],
    provenanceOf: () => [resampling, [0, 0, 0]],
    readFrame: (world) => [header(world), 0],
    readHeaders: ({ sources }) => [sources, { broken: "list" }],
    readPatient: ({ sources }) => [sources[0]],
    readSegmentation: (world) => [world.sources[0], series(world).grid],
    rescaleOf: (world) => [header(world)],
  },
  decode: {
    checkTransferSyntax: () => ["1.2.840.10008.1.2.1"],
    codecFor: () => ["1.2.840.10008.1.2.1"],
    createDecodePool: () => [
      { spawn: () => ({}), size: 1, maxQueued: 4, memoryBytes: 2 ** 20, shareMemory: false },
    ],
    describeTransferSyntax: () => [frame.transferSyntax],
    supportedTransferSyntaxes: () => [],
  },
  formats: {
    affineOfGrid: () => [gridOf([2, 3, 4])],
    encodeGlb: () => [mesh()],
    encodeObj: () => [mesh()],
    encodePly: () => [mesh()],
    encodeStl: () => [mesh()],
    gridOfAffine: () => [
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      [2, 3, 4],
    ],
    encodeColorPng: () => [new Uint8Array(16), { width: 2, height: 2 }],
    encodeGrayPng: () => [
      new Int16Array(4),
      { center: 0, width: 10 },
      { width: 2, height: 2, spacingMm: [1, 1] },
    ],
    metaImageHeader: () => [imageDescription()],
    niftiHeader: () => [imageDescription()],
    npyHeader: () => [{ dtype: "<i2", shape: [2, 2] }],
    nrrdHeader: () => [
      {
        ...imageDescription(),
        encoding: "gzip",
        segments: [{ name: "lung", label: 1, color: [1, 0, 0] }],
      },
    ],
    parseMetaImage: () => [new Uint8Array(200), { voxels: new Uint8Array(200) }],
    parseNifti: () => [new Uint8Array(352), { voxels: new Uint8Array(200) }],
    parseNpy: () => [new Uint8Array(200)],
    parseNrrd: () => [new Uint8Array(200), { voxels: new Uint8Array(200) }],
  },
  adapters: {
    cornerstoneImageLoader: () => [new Map()],
    cornerstoneMetadata: () => [{ grid: imageDescription().grid, modality: "CT" }, "id"],
    cornerstoneVolume: () => [voxels(), { modality: "CT" }],
    itkImage: () => [voxels(), "name"],
    niivueFile: () => [voxels(), { slope: 1, intercept: 0, window: { low: 0, high: 1 } }],
    onnxTensorArguments: () => [{ gpuBuffer: {}, dtype: "float32", dims: [1, 1, 2, 2, 2] }],
    threeTextureArguments: () => [voxels()],
    voxelsOfItk: () => [itkImage(voxels())],
    voxelsOfVtk: () => [vtkLike()],
    vtkImageArguments: () => [voxels()],
  },
  cohort: {
    labelSlices: (world) => [labels, series(world), "cap001"],
    readCovidCtMdLabels: ({ sources }) => [sources, { version: "original" }],
  },
  phantom: {
    chestPhantom: () => [{ size: [4, 4, 4], spacingMm: [1, 1, 1], seed: 1, noiseHu: 1 }],
    encodeJpegLossless: () => [new Uint16Array(4), { rows: 2, columns: 2, precision: 12, predictor: 1 }],
    phantomSeries: ({ phantom }) => [phantom, { transferSyntax: frame.transferSyntax, shuffleSeed: 1 }],
  },
};

function voxels() {
  return { grid: imageDescription().grid as unknown as Grid, data: new Int16Array(8) };
}

function vtkLike() {
  const { grid, data } = voxels();
  return {
    getDimensions: () => grid.size,
    getSpacing: () => grid.spacingMm,
    getOrigin: () => grid.originMm,
    getExtent: () => [0, 1, 0, 1, 0, 1],
    getDirection: () => grid.direction,
    getPointData: () => ({ getScalars: () => ({ getData: () => data, getNumberOfComponents: () => 1 }) }),
  };
}

function mesh() {
  return { positionsMm: new Float32Array(9), triangles: Uint32Array.of(0, 1, 2) };
}

function imageDescription() {
  const grid = {
    size: [2, 2, 2],
    spacingMm: [1, 1, 1],
    originMm: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return { grid, dtype: "int16", slope: 1, intercept: 0, window: { low: 0, high: 1 } };
}
