/** `hounsfield/dicom`: headers, series and geometry, and the bytes of frames. No pixels are decoded here. */

export type { ByteSource, Extent } from "../core/byte_source.js";
export { bytesSource } from "../core/byte_source.js";
export type { Control, Progress } from "../core/control.js";
export type { Diagnostic } from "../core/diagnostic.js";
export type {
  AmountFields,
  ErrorCode,
  ErrorFields,
  FieldName,
  FieldsByCode,
  FieldsOf,
  FileFields,
  LocationFields,
  SeriesCandidate,
} from "../core/error_codes.js";
export type { Empty, HounsfieldError } from "../core/errors.js";
export type { FrameDescription, Rescale } from "../core/frame.js";
export type { Grid, Vec3 } from "../core/grid.js";
export type { ValueScale } from "../core/value_scale.js";
export type { VoiFunctionName, VoiWindow } from "../core/voi_window.js";
export type { Repair } from "./geometry/geometry_faults.js";
export {
  type Provenance,
  provenanceOf,
  type ResampledSlice,
  type Resampling,
} from "./geometry/regrid_plan.js";
export type { SliceSpacing } from "./geometry/slice_spacing.js";
export type { Ordering } from "./geometry/sort_slices.js";
export { frameDescription } from "./image/frame_description.js";
export { parseImage, parseSlice, parseSlices } from "./image/parse_header.js";
export { type PatientIdentity, readPatient } from "./image/patient.js";
export { type FrameReader, frameReader, readFrame } from "./image/pixel_data.js";
export { rescaleOf } from "./image/rescale.js";
export type { ImageHeader, ModalityLut, PixelDataLocation, SliceHeader } from "./image/slice_header.js";
export { encodeSegmentation, type Segmentation } from "./segmentation/encode_segmentation.js";
export { type LabelsRead, readSegmentation } from "./segmentation/read_segmentation.js";
export type { CodedConcept, Segment } from "./segmentation/segment.js";
export { type AcquisitionParameters, acquisitionParametersOf, type Spread } from "./series/acquisition.js";
export { chooseSeries, describeSeries } from "./series/choose_series.js";
export { groupSeries, type SeriesGroup } from "./series/group_images.js";
export {
  listSeries,
  type RefusedSeries,
  type Series,
  type SeriesListing,
  type SeriesOptions,
  type SeriesSummary,
} from "./series/list_series.js";
export { orderSlices } from "./series/order_slices.js";
export {
  type HeaderCollection,
  type ReadHeadersOptions,
  readHeaders,
  type Skipped,
  type SkipReason,
} from "./series/read_headers.js";
export type { SeriesRole } from "./series/series_role.js";
