import { type Grid, positionMm } from "../core/grid.js";
import { invalidOption } from "../core/options.js";
import { checkGridOf, transposed } from "./voxels.js";

// cornerstone3D 5: a metadata provider for the imageIds of a volume's slices.

/** What voxels stand for, as `volume.values` says it: `voxel * slope + intercept`. */
export interface CornerstoneScale {
  readonly slope: number;
  readonly intercept: number;
}

/** What the slices belong to; what is not known is left out. */
export interface CornerstoneSource {
  readonly grid: Grid;
  readonly modality?: string;
  readonly frameOfReferenceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly window?: { readonly center: number; readonly width: number };
  /** With a scale other than 1 and 0 images are of float32 values, as `cornerstoneImageLoader` gives them. */
  readonly values?: CornerstoneScale;
  /** Of the values that an image loader gives: signed ones of 16 bits by default, or of 32 by `values`. */
  readonly isSigned?: boolean;
  readonly bits?: number;
}

/**
 * Ids of the slices, `${scheme}:${id}/${z}` by ascending z, and what `metaData.addProvider` takes for them:
 * imagePlaneModule, imagePixelModule, generalSeriesModule, voiLutModule and modalityLutModule (slope 1,
 * intercept 0: images hold values, not stored ones). Undefined for other ids and modules.
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
    imagePixelModule: () => imagePixels(source),
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

export function imagePlane({ grid, frameOfReferenceUid }: CornerstoneSource, z: number) {
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

/** Whether voxels are other than the values that they stand for. */
export function isScaled({ slope, intercept }: CornerstoneScale): boolean {
  return slope !== 1 || intercept !== 0;
}

export function imagePixels(source: Pick<CornerstoneSource, "isSigned" | "bits" | "values">) {
  const { isSigned = true, values } = source;
  const { bits = values && isScaled(values) ? 32 : 16 } = source;
  return {
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: isSigned ? 1 : 0,
    photometricInterpretation: "MONOCHROME2",
    samplesPerPixel: 1,
  };
}
