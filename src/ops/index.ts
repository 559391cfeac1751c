/**
 * `hounsfield/ops`: every operation on volumes and masks. Each takes Control beside its options and leaves
 * its input as it is.
 */

export type { Control, Progress } from "../core/control.js";
export type {
  AmountFields,
  ErrorCode,
  ErrorFields,
  FieldName,
  FieldsByCode,
  FieldsOf,
  FileFields,
  LocationFields,
  Repair,
  SeriesCandidate,
} from "../core/error_codes.js";
export type { Empty, HounsfieldError } from "../core/errors.js";
export type { Grid, Vec3 } from "../core/grid.js";
export type { Mesh } from "../core/mesh.js";
export type { GpuBuffer, GpuBufferLike, PlatformType } from "../core/platform.js";
export type { ValueScale } from "../core/value_scale.js";
export type { VoiFunctionName, VoiWindow } from "../core/voi_window.js";
export type { VoxelArray } from "../core/voxel_array.js";
export type { VoxelBox } from "../core/voxel_box.js";
export type {
  AdapterDescription,
  DeviceEvent,
  Engine,
  EngineCapabilities,
  EngineLimits,
} from "../engine/engine.js";
export type { MemoryLedger } from "../engine/memory_ledger.js";
export type { BitMask } from "../volume/bit_mask.js";
export type { CtVolume } from "../volume/ct_volume.js";
export type { Plain, PlainObject, ProcessingHistory, SourceHistory } from "../volume/history.js";
export type { LabelVolume } from "../volume/label_volume.js";
export type { ReadSlice } from "../volume/read_box.js";
export type { Slab } from "../volume/slabs.js";
export { type GaussianOptions, gaussian } from "./filter/gaussian.js";
export { gradientMagnitude, gradientMagnitudeSlabs } from "./filter/gradient_magnitude.js";
export { median } from "./filter/median.js";
export { boundingBox } from "./mask/bounding_box.js";
export { type CombineOptions, combineMasks, invertMask, type MaskRule } from "./mask/combine_masks.js";
export { compareMasks, type MaskOverlap } from "./mask/compare_masks.js";
export { countVoxels, countVoxelsPerSlice } from "./mask/count_voxels.js";
export { createLabels, type LabelContents, type MaskOfLabel } from "./mask/create_labels.js";
export { type DistanceOptions, distanceSlabs } from "./mask/distance_slabs.js";
export { fillHoles, type HoleOptions } from "./mask/fill_holes.js";
export { type GrowOptions, growFrom } from "./mask/grow_from.js";
export { keepByShare, type ShareOptions } from "./mask/keep_by_share.js";
export { keepLargeComponents, type LargeOptions } from "./mask/keep_large_components.js";
export { keepLargest, type LargestOptions } from "./mask/keep_largest.js";
export { type LabelMaskOptions, labelMask } from "./mask/label_mask.js";
export { type LabelOptions, labelSlabs } from "./mask/label_slabs.js";
export {
  type LabelStatistics,
  type LabelStatisticsOptions,
  labelStatistics,
} from "./mask/label_statistics.js";
export {
  type Component,
  type ComponentList,
  type Face,
  type ListOptions,
  listComponents,
} from "./mask/list_components.js";
export { type LabeledMask, maskLabelSlabs } from "./mask/mask_label_slabs.js";
export { masksFromTensor, type TensorMaskOptions } from "./mask/masks_from_tensor.js";
export { type MaskMeasures, measureMask } from "./mask/measure_mask.js";
export { closing, dilate, erode, opening } from "./mask/morphology.js";
export { type BorderOptions, removeBorderComponents } from "./mask/remove_border_components.js";
export type { Neighbors } from "./mask/runs.js";
export type { StructuringElement } from "./mask/structuring_element.js";
export { type SurfaceDistances, surfaceDistances } from "./mask/surface_distances.js";
export { type ThresholdOptions, threshold } from "./mask/threshold.js";
export {
  type Projection,
  type ProjectionImage,
  type ProjectionKind,
  type ProjectionOptions,
  type ProjectionPlane,
  project,
  projectMaxima,
  projectMaximum,
  projectSum,
  type SumProjection,
} from "./project/project.js";
export { projectThickSlabs, type ThickSlab, type ThickSlabOptions } from "./project/project_thick_slabs.js";
export { crop } from "./resample/crop.js";
export { type Padding, pad } from "./resample/pad.js";
export { reorient } from "./resample/reorient.js";
export { resample, resampleToFloat } from "./resample/resample.js";
export { type ResampleMaskOptions, resampleMask } from "./resample/resample_mask.js";
export type {
  Border,
  GridAlignment,
  ResampleKernel,
  ResampleOptions,
  ResampleTarget,
} from "./resample/resample_options.js";
export { resampleSlabs, type VolumeSlab } from "./resample/resample_slabs.js";
export { targetGrid } from "./resample/target_grid.js";
export type { SlabMemory, SlabStore, ValueSlab } from "./stream_slabs.js";
export { type SurfaceOptions, surfaceMesh } from "./surface/surface_mesh.js";
export { type ClipOptions, clip } from "./value/clip.js";
export { type Histogram, type HistogramOptions, histogram } from "./value/histogram.js";
export {
  type CtIntensities,
  ctNormalization,
  type IntensityRange,
  scaleIntensityRange,
} from "./value/intensity.js";
export { type MapSlabsOptions, mapSlabs, mapVolume } from "./value/map_volume.js";
export {
  type Normalization,
  type NormalizeOptions,
  normalizationOf,
  normalizeSlabs,
} from "./value/normalize_slabs.js";
export {
  type BinnedHistogram,
  type BinOptions,
  binHistogram,
  type PercentileMethod,
  type PercentileOptions,
  percentileHu,
  type Statistics,
  statistics,
} from "./value/statistics.js";
export type { TensorContents } from "./value/tensor_contents.js";
export { type TensorOptions, toTensor, type VolumeTensor } from "./value/to_tensor.js";
export { byteTable, floatTable, type HuFunction, huTable, type ValueTable } from "./value/value_table.js";
export { type VoiOptions, voiFunction } from "./value/voi_function.js";
export { type TensorVolumeOptions, volumeFromTensor } from "./value/volume_from_tensor.js";
export { type HuWindow, windowByteSlabs, windowOf, windowSlabs } from "./value/window_slabs.js";
