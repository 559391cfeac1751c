import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";

/**
 * A code stream must have the size that the header gives, and no more bits a sample than it allocates.
 * `offset` is where the stream begins.
 * @throws HounsfieldError `decode-failed`
 */
export function checkCodedSize(
  coded: { readonly rows: number; readonly columns: number; readonly precision: number },
  frame: FrameDescription,
  offset: number,
): void {
  if (coded.rows !== frame.rows || coded.columns !== frame.columns) {
    const message = `the code stream is ${coded.rows} x ${coded.columns}, the header says ${frame.rows} x ${frame.columns}`;
    const got = [coded.rows, coded.columns];
    const accepted = [frame.rows, frame.columns];
    throw new HounsfieldError("decode-failed", message, { offset, got, accepted });
  }
  if (coded.precision > frame.bitsAllocated) {
    const message = `the code stream has ${coded.precision} bits a sample, the header allocates ${frame.bitsAllocated}`;
    const fields = { offset, got: coded.precision, accepted: frame.bitsAllocated };
    throw new HounsfieldError("decode-failed", message, fields);
  }
}
