/**
 * The curated surface; each edge adds its own openEngine, openSources and folderSources, of the same types.
 */

export type { ByteSource, Extent } from "./core/byte_source.js";
export { bytesSource } from "./core/byte_source.js";
export type { Control, Progress } from "./core/control.js";
export type { Diagnostic } from "./core/diagnostic.js";
export type {
  AmountFields,
  FieldName,
  FieldsByCode,
  FileFields,
  LocationFields,
} from "./core/error_codes.js";
export {
  type Empty,
  type ErrorCode,
  type ErrorFields,
  type FieldsOf,
  HounsfieldError,
  type HounsfieldErrorOf,
  isHounsfieldError,
  type SeriesCandidate,
} from "./core/errors.js";
export type { FrameDescription, Rescale } from "./core/frame.js";
export { type Grid, positionMm, type Vec3 } from "./core/grid.js";
export type { PartOf } from "./core/part_of.js";
export type {
  DirectoryHandle,
  DirectoryHandleLike,
  DroppedItem,
  DroppedItemLike,
  FileHandle,
  FileHandleLike,
  FileLike,
  GpuBuffer,
  GpuBufferLike,
  GpuDevice,
  GpuDeviceLike,
  GpuDeviceLostInfo,
  GpuDeviceLostInfoLike,
  GpuTexture,
  GpuTextureLike,
  PageWorkerLike,
  PlatformFile,
  PlatformType,
  PlatformWorker,
} from "./core/platform.js";
export type { ValueScale } from "./core/value_scale.js";
export { version } from "./core/version.js";
export type { VoiFunctionName, VoiWindow } from "./core/voi_window.js";
export type { VoxelArray } from "./core/voxel_array.js";
export type { VoxelBox } from "./core/voxel_box.js";
export type { StoredValues } from "./decode/codecs/common/codec.js";
export type { DecodeOutput } from "./decode/decode_frame.js";
export type { DecodeJob } from "./decode/pool/decode_job.js";
export type { DecodePool } from "./decode/pool/pool.js";
export type { Repair } from "./dicom/geometry/geometry_faults.js";
export {
  type Provenance,
  provenanceOf,
  type ResampledSlice,
  type Resampling,
} from "./dicom/geometry/regrid_plan.js";
export type { SliceSpacing } from "./dicom/geometry/slice_spacing.js";
export type { Ordering } from "./dicom/geometry/sort_slices.js";
export type {
  ImageHeader,
  ModalityLut,
  PixelDataLocation,
  SliceHeader,
} from "./dicom/image/slice_header.js";
export {
  type AcquisitionParameters,
  acquisitionParametersOf,
  type Spread,
} from "./dicom/series/acquisition.js";
export { chooseSeries, describeSeries } from "./dicom/series/choose_series.js";
export {
  listSeries,
  type RefusedSeries,
  type Series,
  type SeriesListing,
  type SeriesOptions,
  type SeriesSummary,
} from "./dicom/series/list_series.js";
export type { ReadHeadersOptions, Skipped, SkipReason } from "./dicom/series/read_headers.js";
export type { SeriesRole } from "./dicom/series/series_role.js";
export type {
  AdapterDescription,
  DeviceEvent,
  Engine,
  EngineCapabilities,
  EngineLimits,
} from "./engine/engine.js";
export type { GpuEngine } from "./engine/gpu/gpu_engine.js";
export type { MemoryLedger } from "./engine/memory_ledger.js";
export {
  type Projection,
  type ProjectionImage,
  type ProjectionPlane,
  projectMaximum,
} from "./ops/project/project.js";
export { resample } from "./ops/resample/resample.js";
export type {
  Border,
  GridAlignment,
  ResampleKernel,
  ResampleOptions,
  ResampleTarget,
} from "./ops/resample/resample_options.js";
export type { SlabMemory, SlabStore, ValueSlab } from "./ops/stream_slabs.js";
export { type HuWindow, windowOf, windowSlabs } from "./ops/value/window_slabs.js";
export { bodyMask } from "./recipes/body_mask.js";
export type { LungDensity } from "./recipes/lung_mask/density.js";
export type {
  LungFlag,
  LungQuality,
  LungsFound,
  LungsNotJudged,
  NoLungReason,
  NoLungs,
  SideQuality,
} from "./recipes/lung_mask/judge.js";
export { describeLungs } from "./recipes/lung_mask/words.js";
export {
  type LungMask,
  type LungMaskOptions,
  type LungMethod,
  lungLabels,
  lungMask,
} from "./recipes/lung_mask.js";
export type { LungThresholdOptions } from "./recipes/lung_threshold.js";
export { type PreprocessResult, preprocess } from "./recipes/preprocess.js";
export type { PreprocessOptions, PreprocessTarget, StepArray } from "./recipes/preprocess_options.js";
export type { ArrayOutput, ArraySink, ValueDtype } from "./recipes/preprocess_outputs.js";
export { type SliceImage, type SliceImageOptions, sliceImages } from "./recipes/slice_images.js";
export type { SlicePictures } from "./recipes/slices_output.js";
export type { StageTime } from "./recipes/stage_clock.js";
export type { ValueSummary } from "./recipes/value_summary.js";
export { type AnnotationLayerOptions, attachAnnotations } from "./render/annotations/annotation_layer.js";
export {
  type Annotations,
  annotationsOf,
  type CrossingLine,
  positionText,
} from "./render/annotations/annotations.js";
export type { ScaleBar } from "./render/annotations/scale_bar.js";
export type {
  ControlElement,
  ControlEvents,
  ControlKeyEvent,
  ControlPointerEvent,
  ControlWheelEvent,
} from "./render/controls/control_element.js";
export { forwardPointerEvents } from "./render/controls/forward_pointer_events.js";
export type { MessageEndpoint } from "./render/controls/forwarded_input.js";
export { type LinkedView, type LinkOptions, linkViews } from "./render/controls/link_views.js";
export { attachMprControls, type MprControlOptions, type MprTool } from "./render/controls/mpr_controls.js";
export { attachOrbitControls } from "./render/controls/orbit_controls.js";
export { attachProbe } from "./render/controls/probe_pointer.js";
export { type ReceivedElement, receivePointerEvents } from "./render/controls/receive_pointer_events.js";
export { type MprSlice, pixelOf, positionAt } from "./render/mpr/mpr_slice.js";
export { pointAtSlice, type SliceIndex, sliceIndex } from "./render/mpr/slice_index.js";
export type { Camera } from "./render/state/camera.js";
export { pixelOfCamera, slabThrough } from "./render/state/camera_point.js";
export type { Clip, ClipBox, ClipPlane, ViewSlab } from "./render/state/clip.js";
export type { MaskCut } from "./render/state/mask_clip.js";
export type { MprInterpolation, MprSlabKind, MprState } from "./render/state/mpr_state.js";
export type { EdgeLetters } from "./render/state/orientation.js";
export type { Overlay, OverlayChange } from "./render/state/overlays.js";
export { parseViewChange } from "./render/state/parse_view_change.js";
export type { MprPlane, PlaneAxes } from "./render/state/plane.js";
export type { Shading } from "./render/state/shading.js";
export type { GradientOpacityPoint, TransferFunction, TransferPoint } from "./render/state/transfer.js";
export type { TransferPreset } from "./render/state/transfer_presets.js";
export type { RayProjection, ViewChange, ViewProjection, ViewState } from "./render/state/view_state.js";
export { type CtWindow, type WindowPreset, windowPresets } from "./render/state/window_presets.js";
export type { DisplayFormat } from "./render/texture/display_target.js";
export {
  createDisplayTexture,
  type DisplayTexture,
  type DisplayTextureOptions,
  type Downsampling,
} from "./render/texture/display_texture.js";
export { type GpuRange, gpuRangesOf } from "./render/texture/gpu_engine_of.js";
export type { Masks } from "./render/texture/label_texture.js";
export { createView } from "./render/view/create_view.js";
export type { Probe } from "./render/view/probe.js";
export { type RenderOptions, renderToPixels } from "./render/view/render_to_pixels.js";
export { usualWindow } from "./render/view/usual_window.js";
export type { View, ViewOptions } from "./render/view/view.js";
export type { ViewEvents, ViewNotice } from "./render/view/view_events.js";
export type { GunzipOptions } from "./sources/gunzip.js";
export { type ArchiveOptions, openArchives } from "./sources/open_archives.js";
export type { OpenableInput, OpenableInputs, OpenSourcesOptions } from "./sources/open_object.js";
export { directorySources, droppedSources, fileSources } from "./sources/page_files.js";
export type { FolderOptions } from "./sources/unreadable.js";
export { type UrlOptions, urlSources } from "./sources/url.js";
export type { BitMask } from "./volume/bit_mask.js";
export { createMask, type MaskContents } from "./volume/create_mask.js";
export { createVolume, type VolumeContents } from "./volume/create_volume.js";
export type { CtEngine, GpuCtEngine, WhyCpu } from "./volume/ct_engine.js";
export type { CtVolume } from "./volume/ct_volume.js";
export type { Plain, PlainObject, ProcessingHistory, SourceHistory } from "./volume/history.js";
export { type LoadOptions, loadVolume, openVolume, type VolumeLoading } from "./volume/load_volume.js";
export type {
  MemoryBudget,
  OpenEngineOptions,
  OpenGpuEngineOptions,
  TrustedUrl,
} from "./volume/open_engine_options.js";
export type { ReadSlice } from "./volume/read_box.js";
export type { Slab } from "./volume/slabs.js";
export type { ArrayValues } from "./volume/write_slices.js";
