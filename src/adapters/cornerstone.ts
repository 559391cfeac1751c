import { type Grid, positionMm } from "../core/grid.js";
import { invalidOption } from "../core/options.js";
import { checkGridOf, checkVoxels, type SharedData, transposed, type Voxels } from "./voxels.js";

// cornerstone3D 5: createLocalVolume, and a metadata provider for the imageIds of its slices.

/** What the slices belong to; what is not known is left out. */
export interface CornerstoneSource {
  readonly grid: Grid;
  readonly modality?: string;
  readonly frameOfReferenceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly window?: { readonly center: number; readonly width: number };
  readonly isSigned?: boolean;
}

/** Options of `volumeLoader.createLocalVolume(volumeId, options)`. */
export interface CornerstoneVolume {
  readonly dimensions: [number, number, number];
  readonly spacing: [number, number, number];
  readonly origin: [number, number, number];
  readonly direction: number[];
  readonly scalarData: SharedData;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * For `volumeLoader.createLocalVolume(volumeId, cornerstoneVolume(voxels, source))`. It takes no Int8Array.
 * Every slice gets the volume's origin there: register `cornerstoneMetadata` for where they lie.
 * @throws HounsfieldError `invalid-option`
 */
export function cornerstoneVolume(
  voxels: Voxels,
  source: Omit<CornerstoneSource, "grid"> = {},
): CornerstoneVolume {
  checkVoxels("cornerstoneVolume", voxels);
  const { grid, data } = voxels;
  if (typeof source !== "object" || source === null)
    throw invalidOption("cornerstoneVolume", "source", source, "an object");
  if (data instanceof Int8Array) throw invalidOption("cornerstoneVolume", "data", data, "no Int8Array");
  const isSigned = !/^Uint/.test(data.constructor.name);
  const plane = imagePlane({ ...source, grid }, 0);
  const pixels = imagePixels({ ...source, grid, isSigned }, data.BYTES_PER_ELEMENT * 8);
  return {
    dimensions: [...grid.size],
    spacing: [...grid.spacingMm],
    origin: [...grid.originMm],
    direction: transposed(grid.direction),
    scalarData: data,
    metadata: {
      BitsAllocated: pixels.bitsAllocated,
      BitsStored: pixels.bitsStored,
      SamplesPerPixel: 1,
      HighBit: pixels.highBit,
      PhotometricInterpretation: "MONOCHROME2",
      PixelRepresentation: pixels.pixelRepresentation,
      Modality: source.modality ?? "CT",
      SeriesInstanceUID: source.seriesInstanceUid,
      ImageOrientationPatient: plane.imageOrientationPatient,
      PixelSpacing: plane.pixelSpacing,
      FrameOfReferenceUID: source.frameOfReferenceUid,
      Columns: grid.size[0],
      Rows: grid.size[1],
    },
  };
}

/**
 * Ids of the slices, `${scheme}:${id}/${z}` by ascending z, and what `metaData.addProvider` takes for them:
 * imagePlaneModule, imagePixelModule, generalSeriesModule, voiLutModule and modalityLutModule (slope 1,
 * intercept 0: values are given in HU). Undefined for other ids and modules.
 * @throws HounsfieldError `invalid-option`
 */
export function cornerstoneMetadata(source: CornerstoneSource, id: string, scheme = "hounsfield") {
  checkGridOf("cornerstoneMetadata", source);
  if (typeof id !== "string" || id === "") throw invalidOption("cornerstoneMetadata", "id", id, "a text");
  const prefix = `${scheme}:${id}/`;
  const { size } = source.grid;
  const imageIds = Array.from({ length: size[2] }, (_, z) => prefix + z);
  const modules: Readonly<Record<string, (z: number) => unknown>> = {
    imagePlaneModule: (z) => imagePlane(source, z),
    imagePixelModule: () => imagePixels(source, 16),
    generalSeriesModule: () => ({
      modality: source.modality ?? "CT",
      seriesInstanceUID: source.seriesInstanceUid,
    }),
    voiLutModule: () =>
      source.window && { windowCenter: [source.window.center], windowWidth: [source.window.width] },
    modalityLutModule: () => ({ rescaleSlope: 1, rescaleIntercept: 0 }),
  };
  const provider = (type: string, imageId: unknown): unknown => {
    const z = typeof imageId === "string" && imageId.startsWith(prefix) ? imageIds.indexOf(imageId) : -1;
    return z >= 0 && Object.hasOwn(modules, type) ? modules[type](z) : undefined;
  };
  return { imageIds, provider };
}

function imagePlane({ grid, frameOfReferenceUid }: CornerstoneSource, z: number) {
  const axes = transposed(grid.direction);
  const [rowCosines, columnCosines] = [axes.slice(0, 3), axes.slice(3, 6)];
  const [columnPixelSpacing, rowPixelSpacing] = grid.spacingMm;
  return {
    rows: grid.size[1],
    columns: grid.size[0],
    imageOrientationPatient: [...rowCosines, ...columnCosines],
    rowCosines,
    columnCosines,
    imagePositionPatient: [...positionMm(grid, [0, 0, z])],
    // Between rows, then between columns (PS3.3 10.7.1.3).
    pixelSpacing: [rowPixelSpacing, columnPixelSpacing],
    rowPixelSpacing,
    columnPixelSpacing,
    sliceThickness: grid.spacingMm[2],
    frameOfReferenceUID: frameOfReferenceUid,
  };
}

function imagePixels({ isSigned = true }: CornerstoneSource, bits: number) {
  return {
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: isSigned ? 1 : 0,
    photometricInterpretation: "MONOCHROME2",
    samplesPerPixel: 1,
  };
}
