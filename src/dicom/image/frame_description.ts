import type { ImageHeader } from "./slice_header.js";

/** What a codec must know of a frame: the shape of the decoder's FrameDescription. Plain data: it crosses to workers. */
export type SliceFrameDescription = Pick<
  ImageHeader,
  | "transferSyntax"
  | "rows"
  | "columns"
  | "samplesPerPixel"
  | "bitsAllocated"
  | "bitsStored"
  | "highBit"
  | "pixelRepresentation"
>;

export function frameDescription(header: ImageHeader): SliceFrameDescription {
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
