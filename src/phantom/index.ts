/** `hounsfield/phantom`: a generated chest CT, and the writers that make a DICOM series of it. */
export { type ChestPhantom, type ChestPhantomOptions, chestPhantom } from "./chest.js";
export { encodeJpegLossless } from "./jpeg_lossless_encode.js";
export { type NamedBytes, type PhantomSeriesOptions, phantomSeries } from "./series.js";
