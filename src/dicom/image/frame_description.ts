import type { FrameDescription } from "../../core/frame.js";
import { checkHeader } from "./check_header.js";
import type { ImageHeader } from "./slice_header.js";

/** What a codec must know of a frame, as its header says it. */
export function frameDescription(header: ImageHeader): FrameDescription {
  checkHeader("frameDescription", header);
  const { transferSyntax, rows, columns, samplesPerPixel } = header;
  const { bitsAllocated, bitsStored, highBit, pixelRepresentation } = header;
  return {
    transferSyntax,
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit,
    pixelRepresentation,
  };
}
