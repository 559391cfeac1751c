import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { FrameDescription, Rescale } from "../core/frame.js";
import type { Codec, StoredValues } from "./codecs/common/codec.js";
import { toHu } from "./codecs/common/hu.js";

/** What a decoded frame is wanted as: stored values, or int16 HU in rows of `rowPitch(columns)` voxels. */
export type DecodeOutput = { readonly kind: "hu"; readonly rescale: Rescale } | { readonly kind: "stored" };

/**
 * Decodes one frame to what is asked for, in `memory` where that is large enough for it. A codec's error
 * comes back with the transfer syntax in its fields.
 * @throws HounsfieldError
 */
export function decodeFrame(
  codec: Codec,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: DecodeOutput,
  memory?: ArrayBufferLike,
): Int16Array | StoredValues {
  try {
    refuseImplausible(bytes, frame);
    if (output.kind === "stored") return codec.decode(bytes, frame, memory);
    if (codec.decodeHu) return codec.decodeHu(bytes, frame, output.rescale, memory);
    return toHu(codec.decode(bytes, frame), frame, output.rescale, memory);
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    const fields = { transferSyntax: frame.transferSyntax, ...error.fields };
    throw new HounsfieldError(error.code, error.message, fields, error.cause);
  }
}

/** Up to here a frame may be all of one value and take next to nothing: 2048 x 2048. */
const ANY_RATIO_PIXELS = 2 ** 22;
/** Above, at least a bit for 128 pixels; lossy archives go to 6. */
const MOST_PIXELS_PER_BYTE = 1024;

/**
 * JPEG 2000 and JPEG-LS set no bound on what a byte can stand for, so that a header of wrong size would cost
 * seconds and gigabytes.
 * @throws HounsfieldError `truncated`
 */
function refuseImplausible(bytes: Uint8Array, { rows, columns }: FrameDescription): void {
  const pixels = rows * columns;
  if (pixels <= ANY_RATIO_PIXELS || pixels <= bytes.length * MOST_PIXELS_PER_BYTE) return;
  const message = `${bytes.length} bytes cannot hold ${rows} x ${columns} values`;
  throw new HounsfieldError("truncated", message, { offset: bytes.length, got: bytes.length });
}
