/** `hounsfield/phantom`: a generated chest CT, and the writers that make a DICOM series of it. */

export type { Grid, Vec3 } from "../core/grid.js";
export { type ChestPhantom, type ChestPhantomOptions, chestPhantom } from "./chest.js";
export { encodeJpegLossless, type JpegLosslessOptions } from "./jpeg_lossless_encode.js";
export type { JpegPredictor } from "./jpeg_predict.js";
export { type NamedBytes, type PhantomSeriesOptions, phantomSeries } from "./series.js";
