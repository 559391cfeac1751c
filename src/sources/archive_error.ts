import { type FieldsOf, HounsfieldError } from "../core/errors.js";

/** `malformed-archive`, with the name of the file or of the member that is wrong. */
export function malformedArchive(
  file: string,
  what: string,
  fields: FieldsOf<"malformed-archive"> = {},
  cause?: unknown,
): HounsfieldError {
  return new HounsfieldError("malformed-archive", `${file}: ${what}`, { file, ...fields }, cause);
}

/** `unsupported-archive`, the same way. */
export function unsupportedArchive(
  file: string,
  what: string,
  fields: FieldsOf<"unsupported-archive"> = {},
): HounsfieldError {
  return new HounsfieldError("unsupported-archive", `${file}: ${what}`, { file, ...fields });
}
