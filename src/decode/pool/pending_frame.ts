import type { ErrorCode } from "../../core/errors.js";
import type { StoredValues } from "../codecs/common/codec.js";
import type { DecodeJob } from "./decode_job.js";
import { fromPlainError } from "./messages.js";

/** A job with the promise it settles. */
export interface PendingFrame {
  readonly id: number;
  readonly job: DecodeJob;
  readonly resolve: (values: Int16Array | StoredValues) => void;
  readonly reject: (reason: unknown) => void;
}

/** Rejects frames with an error about them: their files and transfer syntaxes are in its fields. */
export function rejectFrames(
  frames: Iterable<PendingFrame>,
  code: ErrorCode,
  message: string,
  cause?: unknown,
): void {
  for (const { job, reject } of frames) {
    const fields = { transferSyntax: job.frame.transferSyntax };
    reject(fromPlainError({ code, message, fields }, job.label, cause));
  }
}
