/**
 * Errors are an API: one class, a literal `code` to switch on, and fields a caller can act on.
 *
 * ```ts
 * try { await readSeries(files); }
 * catch (error) { if (isHounsfieldError(error, "git-lfs-pointer")) showFetchHint(error.fields.file); else throw error; }
 * ```
 *
 * Cancellation is not one of these: an aborted `AbortSignal` rejects with the signal's own reason.
 */
export type ErrorCode =
  /** Nothing in the input is a DICOM image. */
  | "no-dicom"
  /** One file is no DICOM at all; collecting a folder skips and counts it. */
  | "not-dicom"
  /** One file is a Git LFS pointer: its content was never fetched. */
  | "git-lfs-pointer"
  /** A file ends before what its headers declare. */
  | "truncated"
  /** DICOM, but its elements contradict each other or the standard. */
  | "malformed-dicom"
  /** A transfer syntax no codec here reads; `fields.transferSyntax` names it. */
  | "unsupported-transfer-syntax"
  /** A DICOM object that is not a grey-scale image (color, report, segmentation). */
  | "unsupported-image"
  /** A code stream that breaks its own format. */
  | "decode-failed"
  /** Several series where one was asked for; `fields.got` lists them. */
  | "several-series"
  /** Slices of which no faithful stack can be made (no position, duplicates, gaps, irregular, tilt). */
  | "unfaithful-geometry"
  /** HU that int16 cannot hold. */
  | "value-range"
  /** A zip, tar or gzip file that breaks its own format. */
  | "malformed-archive"
  /** An archive, or a file in one, of a kind that is not read: encrypted, another method, several volumes. */
  | "unsupported-archive"
  /** Labels that do not fit the slices or each other; `fields.got` and `fields.accepted` say how. */
  | "labels-mismatch"
  /** No labelled patient is called so; `fields.accepted` lists those there are. */
  | "unknown-patient"
  /** An option out of its range; `fields.got` and `fields.accepted` say how. */
  | "invalid-option"
  /** No WebGPU adapter. */
  | "no-gpu"
  /** No WebAssembly with SIMD. */
  | "no-cpu-engine"
  /** WebAssembly may not be compiled here: a page's Content Security Policy lacks 'wasm-unsafe-eval', or there is none. */
  | "no-wasm"
  /** A worker could not be started or died at its start; `fields.url` is its script's address. */
  | "worker-failed"
  /** A volume, mask, view or engine was used after its `destroy()`. */
  | "destroyed"
  /** Volumes or masks of two engines in one operation. */
  | "wrong-engine"
  /** Two inputs that must lie on one grid lie on two: another size, origin, direction or spacing; `fields.got` and `fields.accepted` say which. */
  | "wrong-grid"
  /** The device was lost while work was under way. */
  | "device-lost"
  /** The device could not give the memory asked for. */
  | "out-of-memory"
  /** The work needs more than a limit of the device; `fields.got` and `fields.accepted` are bytes or counts. */
  | "limit-exceeded"
  /** A file could not be read or written. */
  | "io"
  /** A bug in this library. Please report it. */
  | "internal";

/** What an error is about; every field is optional and only present where it is known. */
export interface ErrorFields {
  readonly file?: string;
  readonly frame?: number;
  /** DICOM tag, as "(0028,0010)". */
  readonly tag?: string;
  readonly transferSyntax?: string;
  /** Byte offset: in the code stream for codecs, in the file for parsing. */
  readonly offset?: number;
  /** Of `worker-failed`: the worker's script. */
  readonly url?: string;
  /** Of `invalid-option`: the option or argument. */
  readonly option?: string;
  readonly got?: unknown;
  readonly accepted?: unknown;
  /** Of `invalid-option`: the option that an unknown one was probably meant to be. */
  readonly suggestion?: string;
  /** Of `unfaithful-geometry`: repairs which, if all are allowed, make a volume of it. */
  readonly allow?: readonly string[];
}

/** Marks this library's errors across builds, bundles and realms, where `instanceof` is false. */
const brand = Symbol.for("hounsfield.error");

export class HounsfieldError extends Error {
  override readonly name = "HounsfieldError";
  readonly [brand] = true;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields: ErrorFields = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/**
 * Narrows `error` to a HounsfieldError, of one of `codes` when any are given. True as well for errors of another copy of this library on
 * the page (a second version, a second bundle, another frame).
 */
export function isHounsfieldError(error: unknown, ...codes: ErrorCode[]): error is HounsfieldError {
  if (typeof error !== "object" || error === null || !(brand in error)) return false;
  return codes.length === 0 || codes.includes((error as HounsfieldError).code);
}
