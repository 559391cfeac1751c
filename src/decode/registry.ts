import { HounsfieldError } from "../core/errors.js";
import { checkArgument } from "../core/options.js";
import { text } from "../core/rules.js";
import { type CodecName, codecNames } from "./codec_names.js";
import { describeTransferSyntax } from "./transfer_syntaxes.js";

/** UIDs of all transfer syntaxes that can be decoded. */
export function supportedTransferSyntaxes(): string[] {
  return [...codecNames.keys()];
}

/**
 * Refuses a transfer syntax that no codec reads, before any pixel is touched.
 * @throws HounsfieldError `unsupported-transfer-syntax` with its name and the accepted ones
 */
export function checkTransferSyntax(uid: string): void {
  checkArgument("checkTransferSyntax", "uid", uid, text);
  if (codecNames.has(uid)) return;
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
  return codecNames.get(transferSyntax)!;
}
