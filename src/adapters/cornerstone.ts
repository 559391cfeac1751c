import { invalidOption } from "../core/options.js";
import { type CornerstoneSource, imagePixels, imagePlane } from "./cornerstone_metadata.js";
import { checkVoxels, type SharedData, transposed, type Voxels } from "./voxels.js";

// cornerstone3D 5: what createLocalVolume takes.

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
  source: Omit<CornerstoneSource, "grid" | "values"> = {},
): CornerstoneVolume {
  const type = checkVoxels("cornerstoneVolume", voxels);
  const { grid, data } = voxels;
  if (typeof source !== "object" || source === null)
    throw invalidOption("cornerstoneVolume", "source", source, "an object");
  if (type === "int8") throw invalidOption("cornerstoneVolume", "data", data, "no Int8Array");
  const plane = imagePlane({ ...source, grid }, 0);
  const pixels = imagePixels({ isSigned: !type.startsWith("u"), bits: data.BYTES_PER_ELEMENT * 8 });
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
