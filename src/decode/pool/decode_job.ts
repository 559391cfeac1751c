import type { FrameDescription } from "../../core/frame.js";
import type { DecodeOutput } from "../decode_frame.js";

/** A frame to be decoded, and as what. */
export interface DecodeJob<Output extends DecodeOutput = DecodeOutput> {
  /**
   * One frame, all its fragments joined. The pool takes it over: its buffer is transferred, so that it is
   * empty afterwards. Where it is only a part of its buffer, that part is copied out first and the rest stays
   * with the caller, unless `wholeBuffer` goes.
   */
  readonly bytes: Uint8Array;
  /** Nobody needs what else the buffer of `bytes` holds: it is taken over uncopied. */
  readonly wholeBuffer?: boolean;
  readonly frame: FrameDescription;
  readonly output: Output;
  /**
   * Where the values go if it is large enough: of `createMemory`, or the buffer of an earlier result. The
   * pool takes it over until the result is there, whose buffer it then is. Memory of a job that failed is not
   * to be used again: the worker may still write to it.
   */
  readonly memory?: ArrayBufferLike;
  /** The file, as errors shall name it. */
  readonly label?: string;
  /** Jobs of a higher priority are sent to a worker first. Default 0. */
  readonly priority?: number;
}
