import { extremes } from "./cornerstone_pixels.js";
import type { Voxels } from "./voxels.js";

/** An `IImage`, as far as cornerstone3D needs one. */
export interface CornerstoneImage {
  readonly imageId: string;
  readonly minPixelValue: number;
  readonly maxPixelValue: number;
  readonly slope: 1;
  readonly intercept: 0;
  readonly isPreScaled: true;
  readonly preScale: {
    readonly enabled: true;
    readonly scaled: true;
    readonly scalingParameters: { readonly rescaleSlope: 1; readonly rescaleIntercept: 0 };
  };
  readonly windowCenter: number;
  readonly windowWidth: number;
  readonly voiLUTFunction: "LINEAR";
  getPixelData(): Voxels["data"];
  /** It makes a voxelManager, and then takes pixelData out of the frame that it expects here. */
  readonly imageFrame: object;
  readonly rows: number;
  readonly columns: number;
  readonly height: number;
  readonly width: number;
  readonly color: false;
  readonly rgba: false;
  readonly numberOfComponents: 1;
  /** In mm. */
  readonly columnPixelSpacing: number;
  readonly rowPixelSpacing: number;
  readonly sliceThickness: number;
  readonly invert: false;
  readonly photometricInterpretation: "MONOCHROME2";
  readonly sizeInBytes: number;
  /** Name of the values' class. */
  readonly dataType: string;
}

/** Of one slice, whose values are the modality's own. */
export function cornerstoneImage(
  imageId: string,
  { grid, data }: Voxels,
  window?: { readonly center: number; readonly width: number },
): CornerstoneImage {
  const [columns, rows] = grid.size;
  const [least, greatest] = extremes(data);
  const whole = { center: (least + greatest) / 2, width: Math.max(1, greatest - least) };
  const { center, width } = window ?? whole;
  return {
    imageId,
    minPixelValue: least,
    maxPixelValue: greatest,
    slope: 1,
    intercept: 0,
    isPreScaled: true,
    preScale: { enabled: true, scaled: true, scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0 } },
    windowCenter: center,
    windowWidth: width,
    voiLUTFunction: "LINEAR",
    getPixelData: () => data,
    imageFrame: {},
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: grid.spacingMm[0],
    rowPixelSpacing: grid.spacingMm[1],
    sliceThickness: grid.spacingMm[2],
    invert: false,
    photometricInterpretation: "MONOCHROME2",
    sizeInBytes: data.byteLength,
    dataType: data.constructor.name,
  };
}
