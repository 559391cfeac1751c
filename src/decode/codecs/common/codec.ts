import type { FrameDescription, Rescale } from "../../../core/frame.js";

/** Stored values of one frame, row-major, sign-extended from BitsStored; no padding between rows. */
export type StoredValues = Int16Array | Uint16Array | Int8Array | Uint8Array | Int32Array | Uint32Array;

/**
 * A codec turns the bytes of one frame (all its fragments joined) into stored values.
 * It throws HounsfieldError `decode-failed` or `truncated` with `offset`; the caller adds file and frame.
 */
export interface Codec {
  /**
   * The result may be a view of `bytes` where these are the values already, and may lie in `memory`
   * (frame_memory.ts).
   */
  decode(bytes: Uint8Array, frame: FrameDescription, memory?: ArrayBufferLike): StoredValues;
  /** The same as int16 HU, as `toHu` gives it: for codecs that can rescale in their own last pass. */
  decodeHu?(
    bytes: Uint8Array,
    frame: FrameDescription,
    rescale: Rescale,
    memory?: ArrayBufferLike,
  ): Int16Array;
}
