/** `hounsfield/ops`: every operation on volumes and masks. Each takes Control beside its options and leaves its input as it is. */
export { countVoxels, countVoxelsPerSlice } from "./count_voxels.js";
export { crop, type VoxelBox } from "./crop.js";
export { fillHoles } from "./fill_holes.js";
export { type GaussianOptions, gaussian } from "./gaussian.js";
export { gradientMagnitude, gradientMagnitudeSlabs } from "./gradient.js";
export { growFrom } from "./grow_from.js";
export { type Histogram, type HistogramOptions, histogram } from "./histogram.js";
export { keepByShare } from "./keep_by_share.js";
export { keepLargeComponents } from "./keep_large_components.js";
export { keepLargest } from "./keep_largest.js";
export { labelSlabs } from "./label_components.js";
export { listComponents } from "./list_components.js";
export { combineMasks, invertMask } from "./mask_logic.js";
export { median } from "./median.js";
export { closeMask, dilate, erode, openMask } from "./morphology.js";
export { type NormalizeOptions, normalizationOf, normalizeSlabs } from "./normalize.js";
export { type Padding, pad } from "./pad.js";
export {
  type Projection,
  type ProjectionKind,
  type ProjectionPlane,
  project,
  projectMaximum,
  projectSum,
  type SumProjection,
} from "./project.js";
export { projectThickSlabs, type ThickSlab, type ThickSlabOptions } from "./project_thick.js";
export { removeBorderComponents } from "./remove_border_components.js";
export { reorient } from "./reorient.js";
export { resample, resampleToFloat } from "./resample.js";
export { targetGrid } from "./resample_grid.js";
export { type ResampleMaskOptions, resampleMask } from "./resample_mask.js";
export type {
  Border,
  GridName,
  ResampleKernel,
  ResampleOptions,
  ResampleTarget,
} from "./resample_options.js";
export {
  type BinnedHistogram,
  type BinOptions,
  binHistogram,
  type PercentileMethod,
  percentileHu,
  type Statistics,
  statistics,
} from "./statistics.js";
export type { StructuringElement } from "./structuring_element.js";
export { threshold } from "./threshold.js";
export { type ClipOptions, clip } from "./value_clip.js";
export { mapSlabs, mapVolume } from "./value_map.js";
export { byteTable, floatTable, type HuFunction, huTable } from "./value_table.js";
export { type VoiFunctionName, type VoiOptions, voiFunction } from "./value_voi.js";
export { type HuWindow, windowByteSlabs, windowOf, windowSlabs } from "./window.js";
