import type { ImageHeader } from "./slice_header.js";

type Samples = Pick<ImageHeader, "rows" | "columns" | "samplesPerPixel" | "bitsAllocated">;

/** Bytes of one uncompressed frame; bitsAllocated is a whole number of bytes. */
export function nativeFrameBytes(samples: Samples): number {
  return (samples.rows * samples.columns * samples.samplesPerPixel * samples.bitsAllocated) / 8;
}
