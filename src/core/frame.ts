/**
 * What a codec must know of a frame, from the header (PS3.3 C.7.6.3.1). Plain data: it crosses to workers.
 */
export interface FrameDescription {
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** 0 unsigned, 1 two's complement. */
  readonly pixelRepresentation: 0 | 1;
}

/** HU = stored * slope + intercept (PS3.3 C.11.1.1.2). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** Voxels between the starts of two rows: rows are padded to an even count so that each starts on a u32. */
export function rowPitch(columns: number): number {
  return columns + (columns & 1);
}
