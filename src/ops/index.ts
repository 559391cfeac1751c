/** `hounsfield/ops`: every operation on volumes and masks. Each takes Control beside its options and leaves its input as it is. */

export { type GaussianOptions, gaussian } from "./filter/gaussian.js";
export { gradientMagnitude, gradientMagnitudeSlabs } from "./filter/gradient.js";
export { median } from "./filter/median.js";
export { boundingBox } from "./mask/bounding_box.js";
export { compareMasks } from "./mask/compare_masks.js";
export { countVoxels, countVoxelsPerSlice } from "./mask/count_voxels.js";
export { distanceSlabs } from "./mask/distance.js";
export { fillHoles } from "./mask/fill_holes.js";
export { growFrom } from "./mask/grow_from.js";
export { keepByShare } from "./mask/keep_by_share.js";
export { keepLargeComponents } from "./mask/keep_large_components.js";
export { keepLargest } from "./mask/keep_largest.js";
export { labelSlabs } from "./mask/label_components.js";
export { listComponents } from "./mask/list_components.js";
export { type LabeledMask, maskLabelSlabs } from "./mask/mask_labels.js";
export { combineMasks, invertMask } from "./mask/mask_logic.js";
export { measureMask } from "./mask/measure_mask.js";
export { closeMask, dilate, erode, openMask } from "./mask/morphology.js";
export { removeBorderComponents } from "./mask/remove_border_components.js";
export type { StructuringElement } from "./mask/structuring_element.js";
export { surfaceDistances } from "./mask/surface_distance.js";
export { threshold } from "./mask/threshold.js";
export {
  type Projection,
  type ProjectionKind,
  type ProjectionPlane,
  project,
  projectMaxima,
  projectMaximum,
  projectSum,
  type SumProjection,
} from "./project/project.js";
export { projectThickSlabs, type ThickSlab, type ThickSlabOptions } from "./project/project_thick.js";
export { crop, type VoxelBox } from "./resample/crop.js";
export { type Padding, pad } from "./resample/pad.js";
export { reorient } from "./resample/reorient.js";
export { resample, resampleToFloat } from "./resample/resample.js";
export { targetGrid } from "./resample/resample_grid.js";
export { type ResampleMaskOptions, resampleMask } from "./resample/resample_mask.js";
export type {
  Border,
  GridName,
  ResampleKernel,
  ResampleOptions,
  ResampleTarget,
} from "./resample/resample_options.js";
export { resampleSlabs, type VolumeSlab } from "./resample/resample_slabs.js";
export type { SlabMemory, SlabStore, ValueSlab } from "./stream_slabs.js";
export { type Histogram, type HistogramOptions, histogram } from "./value/histogram.js";
export { type NormalizeOptions, normalizationOf, normalizeSlabs } from "./value/normalize.js";
export {
  type BinnedHistogram,
  type BinOptions,
  binHistogram,
  type PercentileMethod,
  percentileHu,
  type Statistics,
  statistics,
} from "./value/statistics.js";
export { type ClipOptions, clip } from "./value/value_clip.js";
export { mapSlabs, mapVolume } from "./value/value_map.js";
export { byteTable, floatTable, type HuFunction, huTable } from "./value/value_table.js";
export { type VoiFunctionName, type VoiOptions, voiFunction } from "./value/value_voi.js";
export { type HuWindow, windowByteSlabs, windowOf, windowSlabs } from "./value/window.js";
