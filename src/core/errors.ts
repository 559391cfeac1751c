import type { ErrorCode, ErrorFields, FieldsOf } from "./error_codes.js";

export type { ErrorCode, ErrorFields, FieldsOf, Repair, SeriesCandidate } from "./error_codes.js";

/** Marks this library's errors across builds, bundles and realms, where `instanceof` is false. */
const brand = Symbol.for("hounsfield.error");

/**
 * Errors are an API: one class, a literal `code` to switch on, and the `fields` of that code to act on.
 *
 * ```ts
 * try { await listSeries(files); }
 * catch (error) {
 *   if (!isHounsfieldError(error, "unfaithful-geometry")) throw error;
 *   offerRepairs(error.fields.allow);
 * }
 * ```
 *
 * Cancellation is not one of these: an aborted `AbortSignal` rejects with the signal's own reason.
 */
export class HounsfieldError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "HounsfieldError";
  /** @internal */
  readonly [brand] = true;
  readonly fields: FieldsOf<Code>;

  constructor(
    readonly code: Code,
    message: string,
    ...[fields, cause]: Empty extends FieldsOf<Code>
      ? [fields?: FieldsOf<Code>, cause?: unknown]
      : [fields: FieldsOf<Code>, cause?: unknown]
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.fields = fields ?? ({} as FieldsOf<Code>);
  }
}

/** Fields that need not be given. */
export type Empty = Readonly<Record<never, never>>;

/** An error of any of the codes `Code`, whose `fields` the compiler knows once `code` is compared. */
export type HounsfieldErrorOf<Code extends ErrorCode> = Code extends ErrorCode
  ? HounsfieldError<Code>
  : never;

/**
 * Narrows `error` to a HounsfieldError, of one of `codes` when any are given; its `fields` are then those of
 * these codes. True as well for errors of another copy of this library on the page (a second version, a
 * second bundle, another frame).
 */
export function isHounsfieldError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is HounsfieldErrorOf<Code> {
  if (typeof error !== "object" || error === null || !(brand in error)) return false;
  return codes.length === 0 || codes.includes((error as HounsfieldError<Code>).code);
}

/**
 * An error of a code that only running the program tells: one that came from a worker, or is told again with
 * the file that it is about.
 */
export function errorOf(
  code: ErrorCode,
  message: string,
  fields: ErrorFields,
  cause?: unknown,
): HounsfieldError {
  return new HounsfieldError(code, message, fields as FieldsOf<ErrorCode>, cause);
}
