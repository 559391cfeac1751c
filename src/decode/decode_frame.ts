import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { Codec, FrameDescription, Rescale, StoredValues } from "./frame.js";
import { toHu } from "./hu.js";

/** What a decoded frame is wanted as: stored values, or int16 HU in rows of `rowPitch(columns)` voxels. */
export type DecodeOutput = { readonly kind: "hu"; readonly rescale: Rescale } | { readonly kind: "stored" };

/**
 * Decodes one frame to what is asked for. A codec's error comes back with the transfer syntax in its fields.
 * @throws HounsfieldError
 */
export function decodeFrame(
  codec: Codec,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: DecodeOutput,
): Int16Array | StoredValues {
  try {
    if (output.kind === "stored") return codec.decode(bytes, frame);
    if (codec.decodeHu) return codec.decodeHu(bytes, frame, output.rescale);
    return toHu(codec.decode(bytes, frame), frame, output.rescale);
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    const fields = { transferSyntax: frame.transferSyntax, ...error.fields };
    throw new HounsfieldError(error.code, error.message, fields, error.cause);
  }
}
