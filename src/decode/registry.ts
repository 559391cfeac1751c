import { HounsfieldError } from "../core/errors.js";
import { checkArgument } from "../core/options.js";
import { text } from "../core/rules.js";
import type { Codec } from "./codecs/common/codec.js";
import { describeTransferSyntax } from "./transfer_syntaxes.js";

const raw = async () => (await import("./codecs/raw/raw.js")).createRawCodec();
const bigEndian = async () => (await import("./codecs/raw/big_endian.js")).createBigEndianCodec();
const rle = async () => (await import("./codecs/rle/rle.js")).createRleCodec();
const jpegDct = async () => (await import("./codecs/jpeg_dct/jpeg_dct.js")).createJpegDctCodec();
const jpegLossless = async () =>
  (await import("./codecs/jpeg_lossless/jpeg_lossless.js")).createJpegLosslessCodec();
const jpegLs = async () => (await import("./codecs/jpeg_ls/jpeg_ls.js")).createJpegLsCodec();
const jpeg2000 = async () => (await import("./codecs/jpeg_2000/jpeg_2000.js")).createJpeg2000Codec();
const htj2k = async () => (await import("./codecs/jpeg_2000/htj2k.js")).createHtj2kCodec();

/** How to load the codec of each transfer syntax: one file under codecs/ and its lines here. Nothing is loaded before its use. */
const CODECS: ReadonlyMap<string, () => Promise<Codec>> = new Map([
  ["1.2.840.10008.1.2", raw],
  ["1.2.840.10008.1.2.1", raw],
  ["1.2.840.10008.1.2.1.98", raw],
  // The data set is inflated before its frames are read.
  ["1.2.840.10008.1.2.1.99", raw],
  ["1.2.840.10008.1.2.2", bigEndian],
  ["1.2.840.10008.1.2.4.50", jpegDct],
  ["1.2.840.10008.1.2.4.51", jpegDct],
  ["1.2.840.10008.1.2.4.53", jpegDct],
  ["1.2.840.10008.1.2.4.55", jpegDct],
  ["1.2.840.10008.1.2.4.57", jpegLossless],
  ["1.2.840.10008.1.2.4.70", jpegLossless],
  ["1.2.840.10008.1.2.4.80", jpegLs],
  ["1.2.840.10008.1.2.4.81", jpegLs],
  ["1.2.840.10008.1.2.4.90", jpeg2000],
  ["1.2.840.10008.1.2.4.91", jpeg2000],
  ["1.2.840.10008.1.2.4.201", htj2k],
  ["1.2.840.10008.1.2.4.202", htj2k],
  ["1.2.840.10008.1.2.4.203", htj2k],
  ["1.2.840.10008.1.2.5", rle],
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

/**
 * A new codec for a transfer syntax, with memory of its own: keep it for as long as there are frames of that kind.
 * Rejects with HounsfieldError `unsupported-transfer-syntax`.
 */
export async function codecFor(transferSyntax: string): Promise<Codec> {
  checkTransferSyntax(transferSyntax);
  return CODECS.get(transferSyntax)!();
}
