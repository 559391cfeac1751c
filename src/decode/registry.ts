import { HounsfieldError } from "../core/errors.js";
import type { Codec } from "./frame.js";
import { describeTransferSyntax } from "./transfer_syntaxes.js";

const raw = async () => (await import("./codecs/raw.js")).createRawCodec();
const jpegLossless = async () => (await import("./codecs/jpeg_lossless.js")).createJpegLosslessCodec();

/** How to load the codec of each transfer syntax: one file under codecs/ and its lines here. Nothing is loaded before its use. */
const CODECS: ReadonlyMap<string, () => Promise<Codec>> = new Map([
  ["1.2.840.10008.1.2", raw],
  ["1.2.840.10008.1.2.1", raw],
  ["1.2.840.10008.1.2.4.57", jpegLossless],
  ["1.2.840.10008.1.2.4.70", jpegLossless],
]);

export function supportedTransferSyntaxes(): string[] {
  return [...CODECS.keys()];
}

/**
 * Refuses a transfer syntax that no codec reads, before any pixel is touched.
 * @throws HounsfieldError `unsupported-transfer-syntax` with its name and the accepted ones
 */
export function checkTransferSyntax(uid: string): void {
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
