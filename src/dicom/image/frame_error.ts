import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { ImageHeader } from "./slice_header.js";

/**
 * An error of one frame with the frame in its fields, and in its message where the image has several. Others
 * pass as they are.
 */
export function withFrame(error: unknown, header: ImageHeader, frame: number): unknown {
  if (!isHounsfieldError(error) || error.fields.frame !== undefined) return error;
  const { numberOfFrames } = header;
  const message =
    numberOfFrames === 1 ? error.message : `${error.message} (frame ${frame} of ${numberOfFrames})`;
  return new HounsfieldError(error.code, message, { ...error.fields, frame }, error.cause);
}
