/** What a codec must know of a frame, from the header (PS3.3 C.7.6.3.1). Plain data: it crosses to workers. */
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

/** Stored values of one frame, row-major, sign-extended from BitsStored; no padding between rows. */
export type StoredValues = Int16Array | Uint16Array | Int8Array | Uint8Array | Int32Array | Uint32Array;

/**
 * A codec turns the bytes of one frame (all its fragments joined) into stored values.
 * It throws HounsfieldError `decode-failed` or `truncated` with `offset`; the caller adds file and frame.
 */
export interface Codec {
  /** The result may be a view of `bytes` where these are the values already, and may lie in `memory` (frame_memory.ts). */
  decode(bytes: Uint8Array, frame: FrameDescription, memory?: ArrayBufferLike): StoredValues;
  /** The same as int16 HU, as `toHu` gives it: for codecs that can rescale in their own last pass. */
  decodeHu?(
    bytes: Uint8Array,
    frame: FrameDescription,
    rescale: Rescale,
    memory?: ArrayBufferLike,
  ): Int16Array;
}

/** Voxels between the starts of two rows: rows are padded to an even count so that each starts on a u32. */
export function rowPitch(columns: number): number {
  return columns + (columns & 1);
}
