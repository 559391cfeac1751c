import { HounsfieldError } from "../core/errors.js";
import { checkArgument } from "../core/options.js";
import { text } from "../core/rules.js";
import { describeTransferSyntax } from "./transfer_syntaxes.js";

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
const CODECS: ReadonlyMap<string, CodecName> = new Map([
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

/** UIDs of all transfer syntaxes that can be decoded. */
export function supportedTransferSyntaxes(): string[] {
  return [...CODECS.keys()];
}

/**
 * Refuses a transfer syntax that no codec reads, before any pixel is touched.
 * @throws HounsfieldError `unsupported-transfer-syntax` with its name and the accepted ones
 */
export function checkTransferSyntax(uid: string): void {
  checkArgument("checkTransferSyntax", "uid", uid, text);
  if (CODECS.has(uid)) return;
  const message = `transfer syntax ${describeTransferSyntax(uid)} is not supported`;
  const accepted = supportedTransferSyntaxes();
  throw new HounsfieldError("unsupported-transfer-syntax", message, {
    transferSyntax: uid,
    got: uid,
    accepted,
  });
}

/** The codec that reads a transfer syntax. @throws HounsfieldError `unsupported-transfer-syntax` */
export function codecNameOf(transferSyntax: string): CodecName {
  checkTransferSyntax(transferSyntax);
  return CODECS.get(transferSyntax)!;
}
