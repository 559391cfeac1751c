import type { SliceHeader } from "./slice.js";

/** What a codec must know of a frame: the shape of the decoder's FrameDescription. Plain data: it crosses to workers. */
export type SliceFrameDescription = Pick<
  SliceHeader,
  | "transferSyntax"
  | "rows"
  | "columns"
  | "samplesPerPixel"
  | "bitsAllocated"
  | "bitsStored"
  | "highBit"
  | "pixelRepresentation"
>;

export function frameDescription(header: SliceHeader): SliceFrameDescription {
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
