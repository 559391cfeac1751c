/** `hounsfield/dicom`: headers, series and geometry, and the bytes of frames. No pixels are decoded here. */
export { bytesSource } from "./byte_source.js";
export { chooseSeries, describeSeries } from "./choose.js";
export { type Collection, collectSlices, type Skipped } from "./collect.js";
export { frameDescription, type SliceFrameDescription } from "./frame_description.js";
export { groupSeries, type SeriesGroup, type SeriesRole } from "./group.js";
export type { Ordering } from "./order.js";
export { parseImage, parseSlice } from "./parse.js";
export { type PatientIdentity, readPatient } from "./patient.js";
export { type FrameReader, frameReader, readFrame } from "./pixel_data.js";
export { rescaleOf, type SliceRescale } from "./rescale.js";
export {
  listSeries,
  orderSlices,
  type RefusedSeries,
  readSeries,
  type Series,
  type SeriesListing,
  type SeriesSummary,
} from "./series.js";
export type { ByteSource, Diagnostic, Extent, ImageHeader, PixelDataLocation, SliceHeader } from "./slice.js";
