/** `hounsfield/dicom`: headers, series and geometry, and the bytes of frames. No pixels are decoded here. */
export { bytesSource } from "../core/byte_source.js";
export { chooseSeries, describeSeries } from "./choose.js";
export {
  type Collection,
  type CollectOptions,
  collectSlices,
  type Skipped,
  type SkipReason,
} from "./collect.js";
export type { Repair } from "./faults.js";
export { frameDescription, type SliceFrameDescription } from "./frame_description.js";
export { groupSeries, type SeriesGroup } from "./group.js";
export type { Layout } from "./layout.js";
export type { Ordering } from "./order.js";
export { parseImage, parseSlice, parseSlices } from "./parse.js";
export { type PatientIdentity, readPatient } from "./patient.js";
export { type FrameReader, frameReader, readFrame } from "./pixel_data.js";
export { type Provenance, provenanceOf, type ResampledSlice, type Resampling } from "./resampling.js";
export { rescaleOf, type SliceRescale } from "./rescale.js";
export type { SeriesRole } from "./role.js";
export {
  listSeries,
  orderSlices,
  type RefusedSeries,
  readSeries,
  type Series,
  type SeriesListing,
  type SeriesOptions,
  type SeriesSummary,
} from "./series.js";
export type {
  ByteSource,
  Diagnostic,
  Extent,
  ImageHeader,
  ModalityLut,
  PixelDataLocation,
  SliceHeader,
} from "./slice.js";
