/** A codec by the name of its file under codecs/. */
export type CodecName =
  | "raw"
  | "bigEndian"
  | "rle"
  | "jpegDct"
  | "jpegLossless"
  | "jpegLs"
  | "jpeg2000"
  | "htj2k";

/** The codec of each transfer syntax: one file under codecs/, its lines here, and one in codec_modules.ts. */
export const codecNames: ReadonlyMap<string, CodecName> = new Map([
  ["1.2.840.10008.1.2", "raw"],
  ["1.2.840.10008.1.2.1", "raw"],
  ["1.2.840.10008.1.2.1.98", "raw"],
  // The data set is inflated before its frames are read.
  ["1.2.840.10008.1.2.1.99", "raw"],
  ["1.2.840.10008.1.2.2", "bigEndian"],
  ["1.2.840.10008.1.2.4.50", "jpegDct"],
  ["1.2.840.10008.1.2.4.51", "jpegDct"],
  ["1.2.840.10008.1.2.4.53", "jpegDct"],
  ["1.2.840.10008.1.2.4.55", "jpegDct"],
  ["1.2.840.10008.1.2.4.57", "jpegLossless"],
  ["1.2.840.10008.1.2.4.70", "jpegLossless"],
  ["1.2.840.10008.1.2.4.80", "jpegLs"],
  ["1.2.840.10008.1.2.4.81", "jpegLs"],
  ["1.2.840.10008.1.2.4.90", "jpeg2000"],
  ["1.2.840.10008.1.2.4.91", "jpeg2000"],
  ["1.2.840.10008.1.2.4.201", "htj2k"],
  ["1.2.840.10008.1.2.4.202", "htj2k"],
  ["1.2.840.10008.1.2.4.203", "htj2k"],
  ["1.2.840.10008.1.2.5", "rle"],
]);
