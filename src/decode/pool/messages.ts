import {
  type ErrorCode,
  type ErrorFields,
  errorOf,
  type HounsfieldError,
  isHounsfieldError,
} from "../../core/errors.js";
import type { FrameDescription } from "../../core/frame.js";
import type { StoredValues } from "../codecs/common/codec.js";
import type { DecodeOutput } from "../decode_frame.js";

/**
 * A frame on its way to a worker. The buffer of `bytes` travels with it, and `memory` unless it is shared.
 */
export interface DecodeTask {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly frame: FrameDescription;
  readonly output: DecodeOutput;
  /** Where the values go if it is large enough. */
  readonly memory?: ArrayBufferLike;
}

/** Several frames in one message: a round trip costs a worker as much as 2 % of a slice. */
export interface DecodeRequest {
  readonly tasks: readonly DecodeTask[];
}

/** One frame's outcome; a message has several. The buffer of `values` travels with it unless it is shared. */
export type DecodeReply =
  | { readonly id: number; readonly values: Int16Array | StoredValues }
  | { readonly id: number; readonly error: PlainError };

/** Those that are transferred, once each: shared memory is where it is. */
export function transferable(buffers: readonly (ArrayBufferLike | undefined)[]): ArrayBuffer[] {
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** An error without its class, which structured cloning would lose. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fields: ErrorFields;
}

export function toPlainError(error: unknown): PlainError {
  if (isHounsfieldError(error)) return { code: error.code, message: error.message, fields: error.fields };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "internal", message, fields: {} };
}

/** Codes of what is the page's or the process's fault, whatever file was to be decoded when it showed. */
const platformCodes: readonly ErrorCode[] = ["worker-failed", "no-wasm"];

/** The error as the caller sees it: `file`, where known and where it is about a file, leads the message. */
export function fromPlainError(plain: PlainError, file?: string, cause?: unknown): HounsfieldError {
  const { code, message, fields } = plain;
  if (file === undefined || platformCodes.includes(code)) return errorOf(code, message, fields, cause);
  return errorOf(code, `${file}: ${message}`, { ...fields, file }, cause);
}
